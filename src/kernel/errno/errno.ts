/**
 * Numbers of include/uapi/asm-generic/errno*.h (the same from 2.6 to 7.x on x86, arm64 and riscv) that loading a
 * module or reading a file can end with.
 */
const NAMES: Readonly<Record<number, string>> = {
	1: "EPERM",
	2: "ENOENT",
	3: "ESRCH",
	4: "EINTR",
	5: "EIO",
	6: "ENXIO",
	7: "E2BIG",
	8: "ENOEXEC",
	11: "EAGAIN",
	12: "ENOMEM",
	13: "EACCES",
	14: "EFAULT",
	16: "EBUSY",
	17: "EEXIST",
	19: "ENODEV",
	20: "ENOTDIR",
	21: "EISDIR",
	22: "EINVAL",
	25: "ENOTTY",
	26: "ETXTBSY",
	27: "EFBIG",
	28: "ENOSPC",
	33: "EDOM",
	34: "ERANGE",
	38: "ENOSYS",
	61: "ENODATA",
	65: "ENOPKG",
	71: "EPROTO",
	74: "EBADMSG",
	75: "EOVERFLOW",
	80: "ELIBBAD",
	95: "EOPNOTSUPP",
	110: "ETIMEDOUT",
	126: "ENOKEY",
	127: "EKEYEXPIRED",
	128: "EKEYREVOKED",
	129: "EKEYREJECTED",
};

/** "ENOEXEC" for 8 (or -8); the number itself as text when it has no name here. */
export function errnoName(number: number): string {
	return NAMES[Math.abs(number)] ?? String(Math.abs(number));
}
