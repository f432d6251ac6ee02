// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The first and only program of the initramfs that kprep boots to see what a kernel says to modules.
 *
 * It needs a compiler and nothing else (no libc, no headers), so it can be cross-compiled anywhere:
 *   cc -static -nostdlib -ffreestanding -fno-builtin -fno-stack-protector -fno-pie -no-pie -O1 -o init init.c
 *
 * /kprep/list says what to do. First line: a word that starts every line of the answer on the console. Then one line
 * a module: "<what> <file> <name>[ <parameters>]", where <what> is l (load, then unload) or k (load and keep loaded), and
 * <name> is the module's, or "-" for the one that was loaded last.
 * It also stands in for modprobe: the kernel is told to run it for request_module(), and /kprep/requests says what to load
 * for a name: "<name>[ <file>...]", dependencies first.
 * The answer, a line each:
 *   WORD start RELEASE            the kernel that runs
 *   WORD sysctl PATH VALUE        what the kernel says of itself, for the files of /kprep/show, one a line
 *   WORD try FILE                 about to load
 *   WORD result FILE RETURN STATE RETURN as the system call gave it (0, or a negative errno); STATE is done, or
 *                                 killed (the kernel ended the process that loaded) or stuck (no answer in time)
 *   WORD asked NAME[ FILE RETURN]... the kernel asked for a module of that name since the line before; what was loaded for it
 *   WORD unloaded FILE NAME RETURN
 *   WORD log TEXT                 a line of the kernel log since the line before; bytes outside of ASCII as \xHH
 *   WORD end                      all of the above was written: without this line the machine stopped by itself
 * Then the console is drained and the machine is switched off. With initcall_debug on the kernel's command line the log
 * tells when the init function of a module is called; those lines of the boot itself are left out.
 */
#include "init-arch.h"

#define CALL1(n, a) call(n, (long)(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) call(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) call(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL5(n, a, b, c, d, e) call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define CALL6(n, a, b, c, d, e, f) call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* TCSBRK: with an argument it is tcdrain(). */
#if defined(__powerpc__)
#define DRAIN 0x2000741d
#else
#define DRAIN 0x5409
#endif

enum {
	AT_CWD = -100, READ_ONLY = 0, WRITE_ONLY = 1, NON_BLOCK = 04000, SEEK_END_ = 2, PROT_READ_ = 1, MAP_PRIVATE_ = 2,
	CHILD_SIGNAL = 17, WAIT_NO_HANG = 1, KILL_SIGNAL = 9, NOT_IMPLEMENTED = -38, NO_SUCH = -2,
	CREATE = 0100, EMPTY = 01000, APPEND = 02000,
	LOG_READ_CLEAR = 4, LOG_CONSOLE_LEVEL = 8,
	LOAD_TENTHS_OF_A_SECOND = 300,
};

static char list[1 << 20];
static char text[1 << 22];
static char word[128];

/* The console is slow and may take less than it is given: a line is gathered, then written to its end. */
static char line[8192];
static unsigned long used;

static void flush(void)
{
	unsigned long done = 0;

	while (done < used) {
		long count = CALL3(SYS_WRITE, 1, line + done, used - done);

		if (count <= 0)
			break;
		done += count;
	}
	used = 0;
}

static void put(char byte)
{
	if (used == sizeof(line))
		flush();
	line[used++] = byte;
}

static void say(const char *string)
{
	while (*string)
		put(*string++);
}

static void say_number(long value)
{
	char digits[24];
	int count = 0;
	unsigned long rest = value < 0 ? -(unsigned long)value : (unsigned long)value;

	if (value < 0)
		put('-');
	do {
		digits[count++] = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	while (count)
		put(digits[--count]);
}

static void begin(const char *what)
{
	put('\n');
	say(word);
	put(' ');
	say(what);
}

static void end(void)
{
	put('\n');
	flush();
}

/* A printable copy of foreign text up to the end of its line; gives back where the next line starts. */
static const char *say_escaped(const char *string)
{
	static const char hex[] = "0123456789abcdef";

	for (; *string && *string != '\n'; string++) {
		unsigned char byte = *string;

		if (byte >= 0x20 && byte < 0x7f && byte != '\\') {
			put(byte);
			continue;
		}
		say("\\x");
		put(hex[byte >> 4]);
		put(hex[byte & 15]);
	}
	return *string ? string + 1 : string;
}

static long read_file(const char *path, char *into, unsigned long size)
{
	long file = CALL4(SYS_OPENAT, AT_CWD, path, READ_ONLY, 0);
	unsigned long have = 0;

	into[0] = 0;
	if (file < 0)
		return file;
	while (have < size - 1) {
		long count = CALL3(SYS_READ, file, into + have, size - 1 - have);

		if (count <= 0)
			break;
		have += count;
	}
	into[have] = 0;
	CALL1(SYS_CLOSE, file);
	return have;
}

/* Whether a line of the log begins so, behind its level, time and caller. */
static int begins(const char *line, const char *start)
{
	if (*line == '<') {
		/* Of programs it has two digits: their facility is not the kernel's. */
		while (*line && *line != '>' && *line != '\n')
			line++;
		line += *line == '>';
	}
	while (*line == '[') {
		while (*line && *line != ']' && *line != '\n')
			line++;
		if (*line != ']')
			return 0;
		line++;
		while (*line == ' ')
			line++;
	}
	while (*start && *start == *line)
		start++, line++;
	return !*start;
}

/* What the kernel says with initcall_debug of its own parts: thousands of lines before the first module is loaded. */
static int of_the_boot(const char *line)
{
	return begins(line, "calling  ") || begins(line, "initcall ") || begins(line, "probe of ") ||
	       begins(line, "entering initcall");
}

#define FULL_STOP "kprep: full stop"

/* A line that the kernel began and did not end is shown to nobody until another message comes. */
static void end_line(void)
{
	long file = CALL4(SYS_OPENAT, AT_CWD, "/dev/kmsg", WRITE_ONLY, 0);

	if (file < 0)
		return;
	CALL3(SYS_WRITE, file, FULL_STOP "\n", sizeof(FULL_STOP));
	CALL1(SYS_CLOSE, file);
}

static int loading;

/* Everything that the kernel has logged since this was last called. */
static void show_log(void)
{
	const char *at = text;
	long length;

	end_line();
	length = CALL3(SYS_SYSLOG, LOG_READ_CLEAR, text, sizeof(text) - 1);
	if (length <= 0)
		return;
	text[length] = 0;
	while (*at) {
		if (begins(at, FULL_STOP) || (!loading && of_the_boot(at))) {
			while (*at && *at != '\n')
				at++;
			at += *at != 0;
			continue;
		}
		begin("log ");
		at = say_escaped(at);
		end();
	}
}

static void show_files(void)
{
	static char value[4096];
	char *at = list;

	if (read_file("/kprep/show", list, sizeof(list)) < 0)
		return;
	while (*at) {
		char *path = at;

		while (*at && *at != '\n')
			at++;
		if (*at)
			*at++ = 0;
		if (read_file(path, value, sizeof(value)) < 0)
			continue;
		begin("sysctl ");
		say(path);
		put(' ');
		say_escaped(value);
		end();
	}
}

static long load(const char *path, const char *parameters)
{
	long file = CALL4(SYS_OPENAT, AT_CWD, path, READ_ONLY, 0);
	long result, size, image;

	if (file < 0)
		return file;
	result = CALL3(SYS_FINIT_MODULE, file, parameters, 0);
	if (result == NOT_IMPLEMENTED) { /* before 3.8 */
		size = CALL3(SYS_LSEEK, file, 0, SEEK_END_);
		image = CALL6(SYS_MMAP, 0, size, PROT_READ_, MAP_PRIVATE_, file, 0);
		result = CALL3(SYS_INIT_MODULE, image, size, parameters);
	}
	CALL1(SYS_CLOSE, file);
	return result;
}

static void sleep_tenth(void)
{
	long time[2] = { 0, 100000000 };

	CALL2(SYS_NANOSLEEP, time, 0);
}

static void sleep_moment(void)
{
	long time[2] = { 0, 1000000 };

	CALL2(SYS_NANOSLEEP, time, 0);
}

/* Name of the module that was loaded last: the first line of /proc/modules. */
static void newest_module(char *name, unsigned long size)
{
	static char modules[256];
	unsigned long i = 0;

	read_file("/proc/modules", modules, sizeof(modules));
	for (; modules[i] && modules[i] != ' ' && i < size - 1; i++)
		name[i] = modules[i];
	name[i] = 0;
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* Ends the word or line at `at` with a zero; gives back what comes after it. */
static char *cut(char *at, char also)
{
	while (*at && *at != '\n' && *at != also)
		at++;
	if (!*at)
		return at;
	*at = 0;
	return at + 1;
}

/* What comes a moment late belongs to what was done before, not to the next load. */
static void settle(void)
{
	int moments;

	for (moments = 0; moments < 8; moments++)
		sleep_moment();
	show_log();
}

/* What request_module() made of this program since the last look. */
static void show_asked(void)
{
	static char asked[1 << 16];
	const char *at = asked;
	long file;

	if (read_file("/kprep/asked", asked, sizeof(asked)) <= 0)
		return;
	file = CALL4(SYS_OPENAT, AT_CWD, "/kprep/asked", WRITE_ONLY | EMPTY, 0);
	if (file >= 0)
		CALL1(SYS_CLOSE, file);
	while (*at) {
		begin("asked ");
		at = say_escaped(at);
		end();
	}
}

/* Runs as modprobe -q -- NAME: loads what /kprep/requests has for the name, and leaves a line of what came of it. */
static int stand_in(const char *name)
{
	char *at = list;
	long file;

	read_file("/kprep/requests", list, sizeof(list));
	say(name);
	while (*at) {
		char *entry = at, *next = cut(entry, '\n'), *files = cut(entry, ' ');

		at = next;
		if (!same(entry, name))
			continue;
		while (*files) {
			char *path = files;

			files = cut(path, ' ');
			put(' ');
			say(path);
			put(' ');
			say_number(load(path, ""));
		}
	}
	put('\n');
	file = CALL4(SYS_OPENAT, AT_CWD, "/kprep/asked", WRITE_ONLY | CREATE | APPEND, 0644);
	if (file >= 0)
		CALL3(SYS_WRITE, file, line, used);
	return 0;
}

/*
 * The load happens in a child, so that an oops in it ends that child and not the whole run. The result comes
 * back through a place in shared memory: an exit status would have 8 bits only. Gives back whether the next module
 * would find the kernel as it was: a child that was killed may hold locks, a module that stays keeps its name.
 */
static int try_module(const char *path, const char *name, const char *parameters, int keep)
{
	static char before[80], after[80];
	enum { SHARED_ANONYMOUS = 0x21, PROT_READ_WRITE = 3, PENDING = 1 };
	volatile long *result = (volatile long *)CALL6(SYS_MMAP, 0, 4096, PROT_READ_WRITE, SHARED_ANONYMOUS, -1, 0);
	int waited = 0, moments = 0;
	long child, unloaded;

	newest_module(before, sizeof(before));
	show_log();
	loading = 1;
	begin("try ");
	say(path);
	end();
	*result = PENDING;
	child = CALL5(SYS_CLONE, CHILD_SIGNAL, 0, 0, 0, 0);
	if (child == 0) {
		*result = load(path, parameters);
		CALL1(SYS_EXIT, 0);
	}
	while (CALL4(SYS_WAIT4, child, 0, WAIT_NO_HANG, 0) == 0 && waited < LOAD_TENTHS_OF_A_SECOND) {
		if (moments++ < 50) {
			sleep_moment();
		} else {
			sleep_tenth();
			waited++;
		}
	}
	show_log();
	begin("result ");
	say(path);
	put(' ');
	say_number(*result == PENDING ? 0 : *result);
	say(*result != PENDING ? " done" : waited < LOAD_TENTHS_OF_A_SECOND ? " killed" : " stuck");
	end();
	show_asked();
	newest_module(after, sizeof(after));
	if (*result == PENDING)
		return 0;
	if (*result || keep) {
		settle();
		return 1;
	}
	unloaded = same(name, "-") ? NO_SUCH : CALL2(SYS_DELETE_MODULE, name, NON_BLOCK);
	if (unloaded == NO_SUCH) {
		if (!after[0] || same(before, after))
			return 0;
		name = after;
		unloaded = CALL2(SYS_DELETE_MODULE, name, NON_BLOCK);
	}
	begin("unloaded ");
	say(path);
	put(' ');
	say(name);
	put(' ');
	say_number(unloaded);
	end();
	settle();
	return unloaded == 0;
}

static void try_all(char *at)
{
	while (*at) {
		char *entry = at, *name, *parameters;

		at = cut(entry, '\n');
		if (entry[0] == 0 || entry[1] != ' ')
			continue;
		name = cut(entry + 2, ' ');
		parameters = cut(name, ' ');
		if (!try_module(entry + 2, name, parameters, entry[0] == 'k'))
			return;
	}
}

static void power_off(void)
{
	CALL4(SYS_REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0);
	/* No power switch here: a restart, which the emulator is told to take for the end. */
	CALL4(SYS_REBOOT, 0xfee1dead, 672274793, 0x01234567, 0);
	for (;;)
		sleep_tenth();
}

static void write_file(const char *path, const char *value)
{
	long file = CALL4(SYS_OPENAT, AT_CWD, path, WRITE_ONLY, 0);
	unsigned long size = 0;

	if (file < 0)
		return;
	while (value[size])
		size++;
	CALL3(SYS_WRITE, file, value, size);
	CALL1(SYS_CLOSE, file);
}

/* `stack` is what the kernel gives a program: the number of arguments, then the arguments. */
void start(long *stack)
{
	static char uname[6 * 65];
	char *at = list, **arguments = (char **)(stack + 1);
	unsigned long i = 0;

	if (stack[0] > 3 && same(arguments[1], "-q"))
		CALL1(SYS_EXIT, stand_in(arguments[3]));

	CALL3(SYS_MKDIRAT, AT_CWD, "/proc", 0755);
	CALL3(SYS_MKDIRAT, AT_CWD, "/sys", 0755);
	CALL5(SYS_MOUNT, "proc", "/proc", "proc", 0, 0);
	CALL5(SYS_MOUNT, "sysfs", "/sys", "sysfs", 0, 0);
	CALL5(SYS_MOUNT, "securityfs", "/sys/kernel/security", "securityfs", 0, 0);
	write_file("/proc/sys/kernel/modprobe", "/init");
	/* 4.9 and later: what programs write into the log is not limited by rate. */
	write_file("/proc/sys/kernel/printk_devkmsg", "on");
	/* Only this program speaks on the console from here on: the kernel would cut its lines in two. */
	CALL3(SYS_SYSLOG, LOG_CONSOLE_LEVEL, 0, 1);
	read_file("/kprep/list", list, sizeof(list));
	while (*at && *at != '\n' && i < sizeof(word) - 1)
		word[i++] = *at++;
	CALL1(SYS_UNAME, uname);
	begin("start ");
	say(uname + 2 * 65);
	end();
	show_files();
	read_file("/kprep/list", list, sizeof(list));
	try_all(at);
	show_log();
	begin("end");
	end();
	CALL3(SYS_IOCTL, 1, DRAIN, 1);
	power_off();
}
