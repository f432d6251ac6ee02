/*
 * LD_PRELOAD for one program (Node): counts the calls that change something below FAULT_FOLDER, writes each to FAULT_LOG,
 * and kills the process before call number FAULT_AT (FAULT_HOW=kill) or lets that call fail (FAULT_HOW=ERRNO's number).
 * With FAULT_STICKY every call from there on fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static size_t length;
static long at, count;
static int how, sticky, log_fd = -1;

__attribute__((constructor)) static void begin(void)
{
	char self[PATH_MAX] = "";
	const char *log = getenv("FAULT_LOG");
	if (!getenv("FAULT_FOLDER") || readlink("/proc/self/exe", self, sizeof self - 1) < 0) return;
	if (strcmp(strrchr(self, '/') + 1, "node")) return;
	folder = getenv("FAULT_FOLDER");
	length = strlen(folder);
	at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
	how = getenv("FAULT_HOW") && strcmp(getenv("FAULT_HOW"), "kill") ? atoi(getenv("FAULT_HOW")) : 0;
	sticky = getenv("FAULT_STICKY") != NULL;
	if (log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* 1: this call fails. */
static int struck(const char *name, const char *path)
{
	char line[PATH_MAX + 64];
	long number;
	if (!folder || !path || strncmp(path, folder, length)) return 0;
	number = __sync_add_and_fetch(&count, 1);
	if (log_fd >= 0) {
		int size = snprintf(line, sizeof line, "%ld %s %s\n", number, name, path + length);
		if (size > 0) syscall(SYS_write, log_fd, line, (size_t)size);
	}
	if (at == 0 || (sticky ? number < at : number != at)) return 0;
	if (how == 0) syscall(SYS_kill, getpid(), SIGKILL);
	errno = how;
	return 1;
}

static int struck_fd(const char *name, int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t size;
	if (!folder || fd == log_fd) return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	size = readlink(link, path, sizeof path - 1);
	if (size < 0) return 0;
	path[size] = 0;
	return struck(name, path);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)
#define OPEN(name) \
	int name(const char *path, int flags, ...) { \
		mode_t mode = 0; va_list list; \
		static int (*real)(const char *, int, ...); if (!real) real = dlsym(RTLD_NEXT, #name); \
		va_start(list, flags); mode = va_arg(list, int); va_end(list); \
		if ((flags & (O_CREAT | O_TRUNC)) && struck(#name, path)) return -1; \
		return real(path, flags, mode); }
OPEN(open)
OPEN(open64)

int unlink(const char *path) { REAL(int, unlink, const char *); return struck("unlink", path) ? -1 : real(path); }
/* Node 24 removes folders with std::filesystem. */
int unlinkat(int at_fd, const char *path, int flags) { REAL(int, unlinkat, int, const char *, int); return (at_fd == AT_FDCWD || *path == '/' ? struck("unlinkat", path) : struck_fd("unlinkat", at_fd)) ? -1 : real(at_fd, path, flags); }
int rmdir(const char *path) { REAL(int, rmdir, const char *); return struck("rmdir", path) ? -1 : real(path); }
int mkdir(const char *path, mode_t mode) { REAL(int, mkdir, const char *, mode_t); return struck("mkdir", path) ? -1 : real(path, mode); }
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); return struck("rename", to) ? -1 : real(from, to); }
int link(const char *from, const char *to) { REAL(int, link, const char *, const char *); return struck("link", to) ? -1 : real(from, to); }
int symlink(const char *from, const char *to) { REAL(int, symlink, const char *, const char *); return struck("symlink", to) ? -1 : real(from, to); }
int chmod(const char *path, mode_t mode) { REAL(int, chmod, const char *, mode_t); return struck("chmod", path) ? -1 : real(path, mode); }
int lchown(const char *path, uid_t uid, gid_t gid) { REAL(int, lchown, const char *, uid_t, gid_t); return struck("lchown", path) ? -1 : real(path, uid, gid); }
int utimensat(int at_fd, const char *path, const struct timespec times[2], int flags) { REAL(int, utimensat, int, const char *, const struct timespec *, int); return struck("utimensat", path) ? -1 : real(at_fd, path, times, flags); }
int fsync(int fd) { REAL(int, fsync, int); return struck_fd("fsync", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return struck_fd("fdatasync", fd) ? -1 : real(fd); }
int fchmod(int fd, mode_t mode) { REAL(int, fchmod, int, mode_t); return struck_fd("fchmod", fd) ? -1 : real(fd, mode); }
int fchown(int fd, uid_t uid, gid_t gid) { REAL(int, fchown, int, uid_t, gid_t); return struck_fd("fchown", fd) ? -1 : real(fd, uid, gid); }
int ftruncate(int fd, off_t size) { REAL(int, ftruncate, int, off_t); return struck_fd("ftruncate", fd) ? -1 : real(fd, size); }
ssize_t write(int fd, const void *bytes, size_t size) { REAL(ssize_t, write, int, const void *, size_t); return struck_fd("write", fd) ? -1 : real(fd, bytes, size); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) { REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t); return struck_fd("pwrite64", fd) ? -1 : real(fd, bytes, size, offset); }
ssize_t writev(int fd, const struct iovec *parts, int number) { REAL(ssize_t, writev, int, const struct iovec *, int); return struck_fd("writev", fd) ? -1 : real(fd, parts, number); }
