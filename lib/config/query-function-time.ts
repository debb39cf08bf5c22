/** Timeout of the function that answers: an HTTP API waits for 30 seconds at most. */
export const QUERY_FUNCTION_SECONDS = 29;

/** Of it, what is left for a question that came to no answer: its statement is stopped, it goes on record, and its caller is told. */
export const ENDING_MS = 4_000;

/** The longest that the function can work on an answer. */
export const LONGEST_ANSWER_MS = QUERY_FUNCTION_SECONDS * 1000 - ENDING_MS;
