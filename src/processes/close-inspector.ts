/**
 * To be imported first by what starts a program. Node.js opens its inspector, through which anybody on the machine can run
 * code in this process, when it gets SIGUSR1; a program that a build starts runs as the same user and may send it. With a
 * listener of our own the signal does nothing (https://nodejs.org/api/process.html#signal-events). Until this line runs, the
 * door is open: no build of this process has been started by then.
 */
process.on('SIGUSR1', () => undefined)
