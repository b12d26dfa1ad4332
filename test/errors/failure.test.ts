import { jest } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { Failure } from '../../src/errors/failure.js';

describe('a failure', () => {
  it('is reported by GraphQL without formatting a stack trace', () => {
    const before = Error.prepareStackTrace;
    const prepareStackTrace = jest.fn(() => '');
    Error.prepareStackTrace = prepareStackTrace;
    try {
      new GraphQLError('message', { originalError: new Failure('NOT_FOUND') });
    } finally {
      Error.prepareStackTrace = before;
    }
    expect(prepareStackTrace).not.toHaveBeenCalled();
  });
});
