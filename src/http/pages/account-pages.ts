import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { classifyError } from '../../api/classify-error.js';
import { Failure } from '../../errors/failure.js';
import { overloaded } from '../../errors/overloaded.js';
import { publicError, rowOf } from '../../errors/public-error.js';
import { contextOf } from '../context.js';
import { discardBody } from '../discard-body.js';
import { refuse } from '../json-errors.js';
import { withinDeadline } from '../operation-deadline.js';
import type { LoadShedding } from '../overload/load-shedding.js';
import { isSameOrigin } from '../same-origin.js';
import type { AccountPage, PageForm } from './account-page.js';
import { filledFields, formBody, MalformedForm } from './form-body.js';
import { doneHtml, PAGE_HEADERS, pageHtml, type FormErrors } from './page-html.js';
import {
  FAILURES,
  FIELD_PROBLEMS,
  MALFORMED,
  OTHER_FAILURE,
  OTHER_FIELD_PROBLEM,
  SEE_FIELDS,
  tooManyAttempts,
} from './page-texts.js';

export interface AccountPageOptions {
  readonly pages: readonly AccountPage[];
  /** How long the work of a form may take. */
  readonly timeoutMs: number;
  readonly sheds: LoadShedding['sheds'];
}

/** Serves the pages that links in mails open. GET and HEAD change nothing; a form is sent to the path of its page. */
export async function accountPages(server: FastifyInstance, options: AccountPageOptions): Promise<void> {
  const { pages, timeoutMs, sheds } = options;
  formBody(server);
  for (const page of pages) {
    const html = pageHtml(page);
    server.get(page.path, (_request, reply) => reply.headers(PAGE_HEADERS).send(html));
    server.post(page.path, {
      errorHandler(error, request, reply) {
        const respond = () => showError(page, error, request, reply);
        if (error.statusCode === 413) void discardBody(request).then(respond);
        else respond();
      },
      async handler(request, reply) {
        if (sheds('mutation')) throw overloaded();
        const form = await submit(page, timeoutMs, request);
        return reply.headers(PAGE_HEADERS).send(doneHtml(form));
      },
    });
    server.route({
      url: page.path,
      method: ['PUT', 'PATCH', 'DELETE'],
      onRequest: async (_request, reply) => refuse(reply.header('allow', 'GET, HEAD, POST'), 405),
      handler: async (_request, reply) => refuse(reply, 405),
    });
  }
}

/** Does what a form is for, and resolves to it. @throws Failure, MalformedForm */
async function submit({ forms }: AccountPage, timeoutMs: number, request: FastifyRequest): Promise<PageForm> {
  if (!isSameOrigin(request)) throw new MalformedForm(403);
  const sent = sentFields(request);
  const form = forms.find(({ id }) => id === sent.get('form'));
  if (!form) throw new MalformedForm(400);
  const values = filledFields(form.fields, sent);
  await withinDeadline(
    timeoutMs,
    async (deadline) => {
      request.deadline = deadline;
      const { clientInfo, isAbandoned } = await contextOf(request);
      await form.submit(values, clientInfo, isAbandoned);
    },
    () => request.log.warn({ event: 'operation.timeout', requestId: request.id }, 'an operation timed out'),
  );
  return form;
}

/** The page again, with what is wrong. */
function showError(
  page: AccountPage,
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { statusCode = 500 } = error;
  if (statusCode < 500) return show(statusCode, { summary: MALFORMED, fields: new Map() });
  const classified = classifyError(error);
  const failure = classified instanceof Failure ? classified : new Failure('INTERNAL_SERVER_ERROR', { cause: error });
  const { kind, cause } = failure;
  if (kind === 'INTERNAL_SERVER_ERROR') request.log.error({ requestId: request.id, err: cause }, 'a request failed');
  if (kind === 'SERVICE_UNAVAILABLE') {
    request.log.warn({ requestId: request.id, err: cause }, 'a request could not be served');
  }
  const { status, retryAfterSeconds } = rowOf(failure);
  const { code, reason } = publicError(failure).extensions;
  request.outcome = { ...request.outcome, code, reason };
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return show(status, errorsOf(failure));

  function show(status: number, errors: FormErrors): void {
    const values = sentFields(request);
    const html = pageHtml(page, { id: values.get('form'), values, errors });
    void reply.code(status).headers(PAGE_HEADERS).send(html);
  }
}

function errorsOf(failure: Failure): FormErrors {
  const { kind, fields = [] } = failure;
  if (fields.length > 0) {
    const texts = fields.map(
      ({ path, reason }) => [path.at(-1) ?? '', FIELD_PROBLEMS[reason] ?? OTHER_FIELD_PROBLEM] as const,
    );
    return { summary: SEE_FIELDS, fields: new Map(texts) };
  }
  const { retryAfterSeconds = 0 } = rowOf(failure);
  const summary = kind === 'RATE_LIMITED' ? tooManyAttempts(retryAfterSeconds) : (FAILURES[kind] ?? OTHER_FAILURE);
  return { summary, fields: new Map() };
}

function sentFields({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}
