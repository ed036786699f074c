/* A signal every 100 µs whose handler does not ask for calls to be restarted, for LD_PRELOAD: reads
 * and writes are interrupted. */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static void ignore(int number)
{
    (void)number;
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction action = {.sa_handler = ignore};
    struct itimerval every = {{0, 100}, {0, 100}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
}
