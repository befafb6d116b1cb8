// What Node is given on the command line of a broker, beside the program itself.

/**
 * MiB. V8's own limit is twice as much, and what it has once used of it the process keeps: three such halves a broker, the
 * larger part of its memory after load. What a broker handles is dead long before this is full.
 */
const maxSemiSpaceMb = 16;

export const brokerNodeArgs: readonly string[] = ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${maxSemiSpaceMb}`];
