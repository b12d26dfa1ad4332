/** Edits of the compiled rule that several experiments make. */
export const ONE_RECORD = ['RECORDED_EXCHANGES = 16', 'RECORDED_EXCHANGES = 1'];
export const TWO_RECORDS = ['RECORDED_EXCHANGES = 16', 'RECORDED_EXCHANGES = 2'];
export const NO_GRACE_FOR_ANOTHER_KEY = [
  '(isSameExchange ? isJustSeen : isJustRotated)',
  '(isSameExchange && isJustSeen)',
];
