import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { parseMail, type ReceivedMail } from './mail.js';

/** What the SMTP server does with the next messages. */
export type SmtpBehaviour = 'accept' | 'refuse' | 'drop' | 'drop after accepting';

export interface TestSmtp {
  readonly url: string;
  behaviour: SmtpBehaviour;
  /** The mails that were accepted. */
  readonly received: ReceivedMail[];
  /** How many messages arrived, whatever became of them. */
  attempts: number;
  /** While it is set, no message is answered before it resolves. */
  answerAfter: Promise<void>;
  close(): Promise<void>;
}

/** A real SMTP server on this machine: by default on a free port. */
export async function startSmtp(port = 0): Promise<TestSmtp> {
  const sockets = new Map<string, Socket>();
  const smtp: TestSmtp = {
    url: '',
    behaviour: 'accept',
    received: [],
    attempts: 0,
    answerAfter: Promise.resolve(),
    close,
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => void answer(Buffer.concat(chunks), done));
    },
  });
  server.server.on('connection', (socket: Socket) => sockets.set(`${socket.remotePort}`, socket));
  server.on('error', () => undefined); // of connections that a test drops

  async function answer(bytes: Buffer, done: (error?: Error | null) => void): Promise<void> {
    smtp.attempts += 1;
    const { behaviour } = smtp;
    await smtp.answerAfter;
    if (behaviour === 'refuse') return done(Object.assign(new Error('Try again later'), { responseCode: 451 }));
    if (behaviour !== 'drop') smtp.received.push(await parseMail(bytes));
    if (behaviour === 'accept') return done();
    for (const socket of sockets.values()) socket.destroy();
  }

  async function close(): Promise<void> {
    for (const socket of sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => server.close(resolve));
  }

  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return Object.assign(smtp, { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` });
}
