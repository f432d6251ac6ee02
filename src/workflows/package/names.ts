/** How the package is called, and where its files lie on the machine that compiles. */
export interface PackageNames {
	/** Of the target. */
	release: string;
	/** Name of the package: never that of the distribution's own headers. */
	package: string;
	version: string;
	/** Folder of the headers, without the leading slash. */
	folder: string;
}

/**
 * Names for a release and the V.P.S of the tree. Package names have lower case, digits, `+`, `-` and `.` only
 * (Debian Policy 5.6.7); other letters become "-".
 */
export function packageNames(release: string, base: string): PackageNames {
	const plain = release.toLowerCase().replace(/[^a-z0-9+.-]/g, "-");
	return {
		release,
		package: `linux-headers-${plain}-kprep`,
		version: `${base}+kprep`,
		folder: `usr/src/linux-headers-${release}-kprep`,
	};
}

/** dpkg's word (deb) and rpm's for the processor of the ELF programs in a package, by e_machine (elf.h). */
export function architectureOf(
	machine: number,
	bits: 32 | 64,
	bigEndian: boolean,
): { deb: string; rpm: string } | null {
	const known: Record<string, [string, string]> = {
		"62/64": ["amd64", "x86_64"],
		"3/32": ["i386", "i686"],
		"183/64": ["arm64", "aarch64"],
		"40/32": ["armhf", "armv7hl"],
		"243/64": ["riscv64", "riscv64"],
		"22/64": ["s390x", "s390x"],
		"21/64": bigEndian ? ["ppc64", "ppc64"] : ["ppc64el", "ppc64le"],
		"258/64": ["loong64", "loongarch64"],
	};
	const [deb, rpm] = known[`${machine}/${bits}`] ?? [];
	return deb === undefined || rpm === undefined ? null : { deb, rpm };
}
