import { KprepError } from "../../errors.ts";
import { findProgram } from "../process/program.ts";

/** How kernels of one architecture are started and spoken to: an entry here is all that a new one needs. */
export interface Machine {
	/** The kernel's ARCH word. */
	arch: string;
	/** Of the programs that it runs. */
	bits: 32 | 64;
	little: boolean;
	/** null: the kernel is a program itself (user-mode Linux). */
	emulator: Emulator | null;
	/** Compilers for the init, as commands; the first that is here is taken. */
	compilers: string[][];
	/** Package of the last of them on Debian and Ubuntu. */
	compilerPackage: string;
	/** What clang calls it. */
	triple: string;
	/** Where the first serial port shows up for the kernel. */
	console: string;
	/** MiB besides what the initramfs takes. */
	memory: number;
	/** MiB of which the memory of a machine must be a multiple. */
	memoryStep?: number;
}

interface Emulator {
	program: string;
	/** Package that has it on Debian and Ubuntu. */
	package: string;
	options: string[];
	/** Without KVM. */
	cpu: string;
	/** Words of process.arch on which KVM could run it. */
	hosts: string[];
}

/** What an ELF file of the target says of its programs. */
export interface ProgramForm {
	bits: 32 | 64;
	little: boolean;
}

const cross = (triple: string) => ({
	compilers: [[`${triple}-gcc`]],
	compilerPackage: `gcc-${triple.replaceAll("_", "-")}`,
	triple,
});
const own = (host: string, triple: string) => {
	const cross = `${triple}-gcc`;
	return {
		compilers: process.arch === host ? [["gcc"], ["cc"], [cross]] : [[cross]],
		compilerPackage: process.arch === host ? "gcc" : `gcc-${triple.replaceAll("_", "-")}`,
		triple,
	};
};
const WIDE = { bits: 64, little: true } as const;

/** The first of an architecture is taken when nothing tells more. */
const MACHINES: readonly Machine[] = [
	{
		...{ arch: "x86", ...WIDE, console: "ttyS0", memory: 320, ...own("x64", "x86_64-linux-gnu") },
		emulator: {
			...{
				program: "qemu-system-x86_64",
				package: "qemu-system-x86",
				options: [],
				cpu: "max",
				hosts: ["x64"],
			},
		},
	},
	{
		...{ arch: "x86", bits: 32, little: true, console: "ttyS0", memory: 320 },
		// Nothing of a C library is needed, so that any compiler of x86 can make it.
		...cross("i686-linux-gnu"),
		compilers: [...(process.arch === "x64" ? [["gcc", "-m32"]] : []), ["i686-linux-gnu-gcc"]],
		emulator: {
			...{ program: "qemu-system-i386", package: "qemu-system-x86", options: [], cpu: "max" },
			hosts: ["x64", "ia32"],
		},
	},
	{
		...{ arch: "arm64", ...WIDE, console: "ttyAMA0", memory: 512, ...own("arm64", "aarch64-linux-gnu") },
		emulator: {
			...{ program: "qemu-system-aarch64", package: "qemu-system-arm", options: ["-M", "virt"], cpu: "max" },
			hosts: ["arm64"],
		},
	},
	{
		...{
			arch: "arm",
			bits: 32,
			little: true,
			console: "ttyAMA0",
			memory: 512,
			...own("arm", "arm-linux-gnueabihf"),
		},
		emulator: {
			// Kernels without LPAE do not see what the machine would put above 4 GiB.
			...{ program: "qemu-system-arm", package: "qemu-system-arm", options: ["-M", "virt,highmem=off"] },
			...{ cpu: "cortex-a15", hosts: [] },
		},
	},
	{
		...{ arch: "riscv", ...WIDE, console: "ttyS0", memory: 512, ...own("riscv64", "riscv64-linux-gnu") },
		emulator: {
			...{
				program: "qemu-system-riscv64",
				package: "qemu-system-misc",
				options: ["-M", "virt"],
				cpu: "rv64",
			},
			hosts: ["riscv64"],
		},
	},
	{
		...{
			arch: "powerpc",
			...WIDE,
			console: "hvc0",
			memory: 512,
			memoryStep: 256,
			...own("ppc64", "powerpc64le-linux-gnu"),
		},
		emulator: {
			...{ program: "qemu-system-ppc64", package: "qemu-system-ppc", cpu: "power9", hosts: [] },
			options: ["-M", "pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"],
		},
	},
	{
		...{
			arch: "s390",
			bits: 64,
			little: false,
			console: "ttysclp0",
			memory: 512,
			...own("s390x", "s390x-linux-gnu"),
		},
		emulator: {
			...{ program: "qemu-system-s390x", package: "qemu-system-misc", cpu: "max", hosts: ["s390x"] },
			options: ["-M", "s390-ccw-virtio"],
		},
	},
	{
		...{ arch: "um", ...WIDE, console: "tty0", memory: 256, ...own("x64", "x86_64-linux-gnu") },
		emulator: null,
	},
];

const ALIASES: Readonly<Record<string, string>> = {
	x64: "x86",
	x86_64: "x86",
	amd64: "x86",
	i386: "x86",
	aarch64: "arm64",
	armhf: "arm",
	riscv64: "riscv",
	ppc64el: "powerpc",
	s390x: "s390",
};

/** The kernel's ARCH word of an architecture under any name: x86 of amd64. */
export function archWord(name: string): string {
	return ALIASES[name] ?? name;
}

/**
 * The machine for an ARCH word of the kernel (or a name like x86_64, amd64, aarch64) whose programs have that form.
 * Throws KprepError "missing" for one that kprep cannot boot, or whose QEMU is not installed.
 */
export function machineFor(arch: string, form?: ProgramForm | null): Machine {
	const word = archWord(arch);
	const machine = MACHINES.find(
		(it) => it.arch === word && (!form || (it.bits === form.bits && it.little === form.little)),
	);
	if (machine === undefined) throw cannotBoot(arch, form);
	const { emulator } = machine;
	if (emulator !== null && findProgram(emulator.program) === null)
		throw new KprepError("missing", "tool-missing", `${emulator.program} is not installed`, {
			expected: `${emulator.program} on PATH, to boot the target's image`,
			suggestions: [`apt-get install ${emulator.package}`],
		});
	return machine;
}

function cannotBoot(arch: string, form?: ProgramForm | null): KprepError {
	const what = form ? ` (${form.bits} bits, ${form.little ? "little" : "big"}-endian)` : "";
	return new KprepError("missing", "boot-arch", `kprep cannot boot kernels of ${arch}${what}`, {
		expected: MACHINES.map((it) => `${it.arch} of ${it.bits} bits`).join(", "),
		found: arch,
		suggestions: ["leave out --boot"],
	});
}
