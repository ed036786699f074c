/* Allocation that fails, for LD_PRELOAD: the ASSAY_FAIL_AT-th call, and with ASSAY_FAIL_ON every
 * call after it. Without ASSAY_FAIL_AT nothing fails, and how many calls there were is written to
 * the file ASSAY_FAIL_COUNT. With ASSAY_FAIL_TRACE the n-th call says who made it. */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own, under the names that it keeps for this. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *old, size_t n);

static atomic_ulong calls;
static unsigned long fail_at;
static int fail_on;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("ASSAY_FAIL_AT");
    fail_at = at ? strtoul(at, NULL, 10) : 0;
    fail_on = getenv("ASSAY_FAIL_ON") != NULL;
    atomic_store(&calls, 0);
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("ASSAY_FAIL_COUNT");
    char text[32];
    int n = snprintf(text, sizeof text, "%lu\n", atomic_load(&calls));
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    if (fd >= 0) {
        (void)!write(fd, text, (size_t)n);
        close(fd);
    }
}

static void trace(void)
{
    static _Thread_local int inside;
    void *frames[24];

    if (inside++ == 0 && getenv("ASSAY_FAIL_TRACE"))
        backtrace_symbols_fd(frames, backtrace(frames, 24), 2);
    inside--;
}

static int fails(void)
{
    unsigned long n = atomic_fetch_add(&calls, 1) + 1;
    if (n == fail_at)
        trace();
    if (fail_at == 0 || n < fail_at || (n > fail_at && !fail_on))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
    return fails() ? NULL : __libc_calloc(count, n);
}

void *realloc(void *old, size_t n)
{
    return fails() ? NULL : __libc_realloc(old, n);
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) && fails())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, offset);
}
