/**
 * The niceness of the threads that hash and score passwords: the event loop goes first, and they still get a quarter of a
 * core that other threads would use up. With 10, they would get a tenth, and time out.
 */
export const LOWER_PRIORITY = 5;
