/** When a tool is needed; every condition that is given must hold. */
export interface Rule {
	tool: string;
	/** The tree has one of these. Without a tree, a tree of today is assumed. */
	tree?: string[];
	/** The paths of `tree` are only in trees of long ago. */
	oldTree?: boolean;
	/** One of these options is on (or a text that is not empty) in the target's config. */
	config?: string[];
	/** The target's ARCH word. */
	arch?: string;
	why: string;
	/** false: see Need.must. */
	must?: boolean;
	instead?: string[];
}

const OBJTOOL = ["OBJTOOL", "STACK_VALIDATION", "UNWINDER_ORC"];
const CERTIFICATES = ["MODULE_SIG_FORMAT", "MODULE_SIG", "SYSTEM_TRUSTED_KEYRING"];
const DROPPED = "dropped in silence without it";

/**
 * What the kernel's build runs and includes, read from the trees 5.10 to 7.2: the files named are those that need the
 * tool. A tool may have several rules.
 */
export const RULES: readonly Rule[] = [
	{ tool: "make", why: "every build" },
	{ tool: "stdio.h", why: "the host programs of the build" },
	{ tool: "ld", why: "every build" },
	{ tool: "flex", tree: ["scripts/kconfig/lexer.l", "scripts/kconfig/zconf.l"], why: "kconfig" },
	{ tool: "bison", tree: ["scripts/kconfig/parser.y", "scripts/kconfig/zconf.y"], why: "kconfig" },
	{ tool: "flex", tree: ["scripts/genksyms/lex.l"], config: ["MODVERSIONS"], why: "genksyms" },
	{ tool: "bison", tree: ["scripts/genksyms/parse.y"], config: ["MODVERSIONS"], why: "genksyms" },
	{ tool: "flex", tree: ["scripts/dtc/dtc-lexer.l"], config: ["DTC"], why: "dtc" },
	{ tool: "bison", tree: ["scripts/dtc/dtc-parser.y"], config: ["DTC"], why: "dtc" },
	{ tool: "bc", tree: ["kernel/time/timeconst.bc", "kernel/timeconst.bc"], why: "timeconst.h" },
	{ tool: "perl", tree: ["kernel/timeconst.pl"], oldTree: true, why: "timeconst.h" },
	{
		...{ tool: "perl", tree: ["lib/build_OID_registry"], config: ["OID_REGISTRY"], must: false },
		why: "building the whole kernel",
	},
	{
		...{ tool: "perl", tree: ["scripts/recordmcount.pl"], config: ["FTRACE_MCOUNT_USE_RECORDMCOUNT"] },
		...{ why: "recordmcount", must: false },
	},
	{
		tool: "awk",
		tree: ["arch/x86/tools"],
		arch: "x86",
		why: "the instruction tables",
		instead: ["gawk", "mawk"],
	},
	{ tool: "gelf.h", tree: ["tools/objtool"], config: OBJTOOL, why: "objtool" },
	{ tool: "gelf.h", tree: ["tools/bpf/resolve_btfids"], config: ["DEBUG_INFO_BTF"], why: "resolve_btfids" },
	{ tool: "zlib.h", tree: ["tools/bpf/resolve_btfids"], config: ["DEBUG_INFO_BTF"], why: "resolve_btfids" },
	{ tool: "pahole", config: ["DEBUG_INFO_BTF"], why: DROPPED },
	{ tool: "openssl/opensslv.h", config: CERTIFICATES, why: "sign-file and extract-cert" },
	{ tool: "openssl", config: ["MODULE_SIG"], why: "a signing key of one's own", must: false },
	{ tool: "elfutils/libdw.h", config: ["GENDWARFKSYMS"], why: "gendwarfksyms, which makes the CRCs" },
	{ tool: "rustc", config: ["RUST"], why: DROPPED },
	{ tool: "bindgen", config: ["RUST"], why: DROPPED },
	{ tool: "rust-src", config: ["RUST"], why: DROPPED },
	{ tool: "llvm-ar", config: ["LTO_CLANG"], why: "link-time optimisation" },
	{
		...{ tool: "arm-linux-gnueabihf-gcc", config: ["COMPAT_VDSO"], arch: "arm64", why: DROPPED },
		...{ instead: ["arm-linux-gnueabi-gcc"] },
	},
	{ tool: "xz", config: ["MODULE_COMPRESS_XZ"], why: "the target's modules are compressed with it" },
	{ tool: "zstd", config: ["MODULE_COMPRESS_ZSTD"], why: "the target's modules are compressed with it" },
	{ tool: "gzip", config: ["MODULE_COMPRESS_GZIP"], why: "the target's modules are compressed with it" },
	{ tool: "xz", config: ["KERNEL_XZ"], why: "the target's image is compressed with it", must: false },
	{ tool: "zstd", config: ["KERNEL_ZSTD"], why: "the target's image is compressed with it", must: false },
	{
		...{ tool: "lz4", config: ["KERNEL_LZ4"], why: "the target's image is compressed with it", must: false },
		...{ instead: ["lz4c"] },
	},
	{ tool: "lzop", config: ["KERNEL_LZO"], why: "the target's image is compressed with it", must: false },
	{ tool: "bzip2", config: ["KERNEL_BZIP2"], why: "the target's image is compressed with it", must: false },
	{ tool: "xz", why: "source packages are compressed with it", must: false },
	{ tool: "tar", why: "unpacking sources", must: false },
	{
		...{ tool: "cpio", tree: ["kernel/gen_kheaders.sh"], config: ["IKHEADERS"], must: false },
		why: "building the whole kernel",
	},
	{ tool: "depmod", why: "installing and loading modules", must: false },
	{ tool: "python3", why: "compile_commands.json, for editors", must: false },
	...Object.entries({
		x86: "qemu-system-x86_64",
		arm64: "qemu-system-aarch64",
		arm: "qemu-system-arm",
		riscv: "qemu-system-riscv64",
		powerpc: "qemu-system-ppc64",
		s390: "qemu-system-s390x",
	}).map(([arch, tool]) => ({ tool, arch, why: "--boot", must: false })),
];
