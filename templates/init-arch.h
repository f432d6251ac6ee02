/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How a program without a C library begins and calls the kernel, an architecture a block: _start hands the stack as the
 * kernel left it to start(), call() makes a system call and gives back its result or a negative errno. The numbers are
 * those of arch/ARCH/{entry,kernel}/syscalls/ and include/uapi/asm-generic/unistd.h.
 */
#if defined(__x86_64__)
enum {
	SYS_READ = 0, SYS_WRITE = 1, SYS_CLOSE = 3, SYS_LSEEK = 8, SYS_MMAP = 9, SYS_IOCTL = 16, SYS_NANOSLEEP = 35,
	SYS_CLONE = 56, SYS_EXIT = 60, SYS_WAIT4 = 61, SYS_KILL = 62, SYS_UNAME = 63, SYS_SYSLOG = 103, SYS_MOUNT = 165,
	SYS_REBOOT = 169, SYS_INIT_MODULE = 175, SYS_DELETE_MODULE = 176, SYS_OPENAT = 257, SYS_MKDIRAT = 258,
	SYS_FINIT_MODULE = 313,
};

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__i386__) || defined(__arm__)
/* Numbers of the first ports; LSEEK is without the high half, MMAP counts its offset in pages (mmap2). */
enum {
	SYS_EXIT = 1, SYS_READ = 3, SYS_WRITE = 4, SYS_CLOSE = 6, SYS_LSEEK = 19, SYS_MOUNT = 21, SYS_KILL = 37,
	SYS_IOCTL = 54, SYS_REBOOT = 88, SYS_SYSLOG = 103, SYS_WAIT4 = 114, SYS_CLONE = 120, SYS_UNAME = 122,
	SYS_INIT_MODULE = 128, SYS_DELETE_MODULE = 129, SYS_NANOSLEEP = 162, SYS_MMAP = 192,
#if defined(__i386__)
	SYS_OPENAT = 295, SYS_MKDIRAT = 296, SYS_FINIT_MODULE = 350,
#else
	SYS_OPENAT = 322, SYS_MKDIRAT = 323, SYS_FINIT_MODULE = 379,
#endif
};

/* The sixth argument is in ebp, the number in r7: registers that a compiler wants for itself. So call() is no C. */
long call(long number, long a, long b, long c, long d, long e, long f);

#if defined(__i386__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n"
	"call:\n\tpush %ebp\n\tpush %edi\n\tpush %esi\n\tpush %ebx\n"
	"\tmov 20(%esp), %eax\n\tmov 24(%esp), %ebx\n\tmov 28(%esp), %ecx\n\tmov 32(%esp), %edx\n"
	"\tmov 36(%esp), %esi\n\tmov 40(%esp), %edi\n\tmov 44(%esp), %ebp\n\tint $0x80\n"
	"\tpop %ebx\n\tpop %esi\n\tpop %edi\n\tpop %ebp\n\tret\n");
#else
__asm__(".text\n\t.syntax unified\n\t.arm\n\t.globl _start\n\t.type _start, %function\n_start:\n\tmov fp, #0\n\tmov r0, sp\n\tbl start\n"
	"\t.type call, %function\ncall:\n\tpush {r4, r5, r7, lr}\n"
	"\tmov r7, r0\n\tmov r0, r1\n\tmov r1, r2\n\tmov r2, r3\n"
	"\tldr r3, [sp, #16]\n\tldr r4, [sp, #20]\n\tldr r5, [sp, #24]\n\tsvc #0\n"
	"\tpop {r4, r5, r7, lr}\n\tbx lr\n");
#endif
#elif defined(__aarch64__) || (defined(__riscv) && __riscv_xlen == 64)
enum {
	SYS_IOCTL = 29, SYS_MKDIRAT = 34, SYS_MOUNT = 40, SYS_OPENAT = 56, SYS_CLOSE = 57, SYS_LSEEK = 62, SYS_READ = 63,
	SYS_WRITE = 64, SYS_EXIT = 93, SYS_NANOSLEEP = 101, SYS_INIT_MODULE = 105, SYS_DELETE_MODULE = 106,
	SYS_SYSLOG = 116, SYS_KILL = 129, SYS_REBOOT = 142, SYS_UNAME = 160, SYS_CLONE = 220, SYS_MMAP = 222,
	SYS_WAIT4 = 260, SYS_FINIT_MODULE = 273,
};

#if defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tb start\n");
#define REGISTER(n) __asm__("x" #n)
#define NUMBER __asm__("x8")
#define TRAP "svc #0"
#else
/* What the linker relaxes is reached from gp, which no start file has set here (riscv-elf-psabi, global pointer). */
__asm__(".globl _start\n_start:\n\t.option push\n\t.option norelax\n\tla gp, __global_pointer$\n\t.option pop\n"
	"\tmv a0, sp\n\tj start\n");
#define REGISTER(n) __asm__("a" #n)
#define NUMBER __asm__("a7")
#define TRAP "ecall"
#endif

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long nr NUMBER = number;
	register long r0 REGISTER(0) = a;
	register long r1 REGISTER(1) = b;
	register long r2 REGISTER(2) = c;
	register long r3 REGISTER(3) = d;
	register long r4 REGISTER(4) = e;
	register long r5 REGISTER(5) = f;

	__asm__ volatile(TRAP
			 : "+r"(r0)
			 : "r"(nr), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory");
	return r0;
}
#elif defined(__powerpc64__) && _CALL_ELF == 2
enum {
	SYS_EXIT = 1, SYS_READ = 3, SYS_WRITE = 4, SYS_CLOSE = 6, SYS_LSEEK = 19, SYS_MOUNT = 21, SYS_KILL = 37,
	SYS_IOCTL = 54, SYS_REBOOT = 88, SYS_MMAP = 90, SYS_SYSLOG = 103, SYS_WAIT4 = 114, SYS_CLONE = 120,
	SYS_UNAME = 122, SYS_INIT_MODULE = 128, SYS_DELETE_MODULE = 129, SYS_NANOSLEEP = 162, SYS_OPENAT = 286,
	SYS_MKDIRAT = 287, SYS_FINIT_MODULE = 353,
};

/* r12 is where the program begins: from it the table of contents is reckoned that static data are found by. */
__asm__(".globl _start\n\t.type _start, @function\n_start:\n\taddis 2, 12, .TOC.-_start@ha\n\taddi 2, 2, .TOC.-_start@l\n"
	"\t.localentry _start, .-_start\n\tmr 3, 1\n\tli 0, 0\n\tstdu 0, -64(1)\n\tbl start\n\tnop\n");

/* A failure is told by a flag beside the number. */
static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = number;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;
	register long r7 __asm__("r7") = e;
	register long r8 __asm__("r8") = f;

	__asm__ volatile("sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : "r9", "r10", "r11", "r12", "ctr", "cr0", "memory");
	return r3;
}
#elif defined(__s390x__)
enum {
	SYS_EXIT = 1, SYS_READ = 3, SYS_WRITE = 4, SYS_CLOSE = 6, SYS_LSEEK = 19, SYS_MOUNT = 21, SYS_KILL = 37,
	SYS_IOCTL = 54, SYS_REBOOT = 88, SYS_MMAP = 90, SYS_SYSLOG = 103, SYS_WAIT4 = 114, SYS_CLONE = 120,
	SYS_UNAME = 122, SYS_INIT_MODULE = 128, SYS_DELETE_MODULE = 129, SYS_NANOSLEEP = 162, SYS_OPENAT = 288,
	SYS_MKDIRAT = 289, SYS_FINIT_MODULE = 344,
};

__asm__(".globl _start\n_start:\n\tlgr %r2, %r15\n\taghi %r15, -160\n\txc 0(8, %r15), 0(%r15)\n\tbrasl %r14, start\n");

static long trap(long number, long a, long b, long c, long d, long e, long f)
{
	register long r1 __asm__("1") = number;
	register long r2 __asm__("2") = a;
	register long r3 __asm__("3") = b;
	register long r4 __asm__("4") = c;
	register long r5 __asm__("5") = d;
	register long r6 __asm__("6") = e;
	register long r7 __asm__("7") = f;

	__asm__ volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6), "d"(r7) : "memory");
	return r2;
}

/* mmap takes its arguments from memory, clone has the stack before the flags (CONFIG_CLONE_BACKWARDS2). */
static long call(long number, long a, long b, long c, long d, long e, long f)
{
	long all[6] = { a, b, c, d, e, f };

	if (number == SYS_MMAP)
		return trap(number, (long)all, 0, 0, 0, 0, 0);
	return number == SYS_CLONE ? trap(number, b, a, c, d, e, f) : trap(number, a, b, c, d, e, f);
}
#else
#error "no system calls known for this architecture"
#endif
