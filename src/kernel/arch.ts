/** Other words for an architecture (uname -m, old ARCH values, package names) → the folder under arch/. */
const WORDS: Readonly<Record<string, string>> = {
	x86_64: "x86",
	amd64: "x86",
	i386: "x86",
	i486: "x86",
	i586: "x86",
	i686: "x86",
	aarch64: "arm64",
	armv6l: "arm",
	armv7l: "arm",
	armhf: "arm",
	riscv64: "riscv",
	riscv32: "riscv",
	ppc: "powerpc",
	ppc64: "powerpc",
	ppc64le: "powerpc",
	ppc64el: "powerpc",
	s390x: "s390",
	mips64: "mips",
	loongarch64: "loongarch",
	sparc64: "sparc",
	parisc64: "parisc",
};

/** The kernel's ARCH word as in arch/ of its tree for any usual word of it; null for text that is no such word. */
export function archWord(word: string): string | null {
	if (!/^[a-z][a-z0-9_]{1,15}$/.test(word)) return null;
	return WORDS[word] ?? word;
}

/** How the toolchains of Debian, Fedora and most others name the target of a compiler, by ARCH word. */
const TRIPLETS: Readonly<Record<string, string>> = {
	x86: "x86_64-linux-gnu",
	arm64: "aarch64-linux-gnu",
	arm: "arm-linux-gnueabihf",
	riscv: "riscv64-linux-gnu",
	powerpc: "powerpc64le-linux-gnu",
	s390: "s390x-linux-gnu",
	loongarch: "loongarch64-linux-gnu",
	mips: "mips64el-linux-gnuabi64",
};

/** The usual GNU triplet for an ARCH word or another usual word of it; null for an architecture without one. */
export function tripletOf(arch: string): string | null {
	return TRIPLETS[archWord(arch) ?? arch] ?? null;
}
