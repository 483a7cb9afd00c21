/* Preloaded into a process, writes down what it does to one SQLite store, call by call and in
 * order: a record is kind, file (0 the store, 1 its log, 2 the mark), offset, length, bytes.
 * Nothing is changed of what is done. The shared index (-shm) is memory, and dies with the power. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int file_of(const char *path) {
    const char *store = getenv("RECORD_STORE");
    size_t length = store ? strlen(store) : 0;
    if (!length || strncmp(path, store, length) != 0) return -1;
    if (!path[length]) return 0;
    if (!strcmp(path + length, "-wal")) return 1;
    return strcmp(path + length, ".mark") ? -1 : 2;
}

static int file_at(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return -1;
    path[n] = 0;
    return file_of(path);
}

static void record(char kind, int file, uint64_t offset, uint64_t length, const void *bytes) {
    static int log = -1;
    struct __attribute__((packed)) { char kind, file; uint64_t offset, length; } head =
        {kind, (char)file, offset, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, bytes ? length : 0}};
    if (log < 0)
        log = syscall(SYS_openat, AT_FDCWD, getenv("RECORD_LOG"),
                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (syscall(SYS_writev, log, parts, bytes ? 2 : 1) < 0) abort();
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    typedef ssize_t (*call)(int, const void *, size_t, off64_t);
    REAL(pwrite64, call);
    int file = file_at(fd);
    if (file < 0) return real(fd, bytes, length, offset);
    pthread_mutex_lock(&turn);
    ssize_t done = real(fd, bytes, length, offset);
    if (done > 0) record('W', file, offset, done, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    typedef ssize_t (*call)(int, const void *, size_t);
    REAL(write, call);
    int file = file_at(fd);
    if (file < 0) return real(fd, bytes, length);
    pthread_mutex_lock(&turn);
    off64_t offset = lseek64(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, bytes, length);
    if (done > 0) record('W', file, offset, done, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

static int synced(int fd, int (*real)(int)) {
    int file = file_at(fd);
    if (file < 0) return real(fd);
    pthread_mutex_lock(&turn);
    int failed = real(fd);
    if (!failed) record('S', file, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return failed;
}

typedef int (*sync_call)(int);
int fsync(int fd) { REAL(fsync, sync_call); return synced(fd, real); }
int fdatasync(int fd) { REAL(fdatasync, sync_call); return synced(fd, real); }

int ftruncate64(int fd, off64_t length) {
    typedef int (*call)(int, off64_t);
    REAL(ftruncate64, call);
    int file = file_at(fd);
    if (file < 0) return real(fd, length);
    pthread_mutex_lock(&turn);
    int failed = real(fd, length);
    if (!failed) record('T', file, length, 0, NULL);
    pthread_mutex_unlock(&turn);
    return failed;
}

int unlink(const char *path) {
    typedef int (*call)(const char *);
    REAL(unlink, call);
    int file = file_of(path);
    if (file < 0) return real(path);
    pthread_mutex_lock(&turn);
    int failed = real(path);
    if (!failed) record('U', file, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return failed;
}
