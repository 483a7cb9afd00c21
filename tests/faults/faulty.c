/* Preloaded into a process, lets the disk under one SQLite store fail: while the file that FAULTY_BY
 * names holds an errno, whatever would change the store or its log fails with it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fault(void) {
    char text[16] = {0};
    int fd = syscall(SYS_openat, AT_FDCWD, getenv("FAULTY_BY"), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    return n > 0 ? atoi(text) : 0;
}

static int fails(int fd) {
    char link[64], path[PATH_MAX];
    const char *store = getenv("FAULTY_STORE");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0 || !store) return 0;
    path[n] = 0;
    if (strncmp(path, store, strlen(store)) != 0 || strstr(path, "-shm")) return 0;
    int number = fault();
    if (number) errno = number;
    return number;
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    typedef ssize_t (*call)(int, const void *, size_t, off64_t);
    REAL(pwrite64, call);
    return fails(fd) ? -1 : real(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    typedef ssize_t (*call)(int, const void *, size_t);
    REAL(write, call);
    return fails(fd) ? -1 : real(fd, bytes, length);
}

typedef int (*sync_call)(int);
int fsync(int fd) { REAL(fsync, sync_call); return fails(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync, sync_call); return fails(fd) ? -1 : real(fd); }

int ftruncate64(int fd, off64_t length) {
    typedef int (*call)(int, off64_t);
    REAL(ftruncate64, call);
    return fails(fd) ? -1 : real(fd, length);
}
