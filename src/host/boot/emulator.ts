import { accessSync, constants } from "node:fs";
import { KprepError } from "../../errors.ts";
import { findProgram } from "../process/program.ts";
import { attempt } from "../process/run.ts";
import type { Progress } from "../progress.ts";

/** How one architecture is emulated: an entry here is all that a new one needs. */
export interface Machine {
	/** The kernel's ARCH word. */
	arch: string;
	program: string;
	/** Package that has it on Debian and Ubuntu. */
	package: string;
	/** Where the first serial port shows up for the kernel. */
	console: string;
	options: string[];
	/** Word of process.arch on which KVM could run it. */
	host: string;
	/** MiB besides what the initramfs takes. */
	memory: number;
}

const MACHINES: readonly Machine[] = [
	{
		...{ arch: "x86", program: "qemu-system-x86_64", package: "qemu-system-x86" },
		...{ console: "ttyS0", options: [], host: "x64", memory: 320 },
	},
	{
		...{ arch: "arm64", program: "qemu-system-aarch64", package: "qemu-system-arm" },
		...{ console: "ttyAMA0", options: ["-M", "virt"], host: "arm64", memory: 512 },
	},
	{
		...{ arch: "riscv", program: "qemu-system-riscv64", package: "qemu-system-misc" },
		...{ console: "ttyS0", options: ["-M", "virt"], host: "riscv64", memory: 512 },
	},
];

export type Accelerator = "kvm" | "tcg";

export interface Boot {
	machine: Machine;
	/** Path of the kernel image. */
	image: string;
	/** Path of the initramfs. */
	initramfs: string;
	/** MiB that the initramfs takes when unpacked. */
	initramfsSize: number;
	kernelArguments: string[];
	/** Milliseconds for the whole run under TCG. */
	timeout: number;
	/** True for the first line that proves that the machine works: KVM has KVM_PATIENCE to print it. */
	alive: (line: string) => boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

export interface SerialOutput {
	/** Complete lines, without their line ends. */
	lines: string[];
	accelerator: Accelerator;
	seconds: number;
	timedOut: boolean;
	/** What the emulator itself said on stderr. */
	complaint: string;
}

/** The machine for an ARCH word of the kernel (or a name like x86_64, amd64, aarch64). Throws KprepError "missing" for one that kprep cannot boot, or whose QEMU is not installed. */
export function machineFor(arch: string): Machine {
	const word = ALIASES[arch] ?? arch;
	const machine = MACHINES.find((it) => it.arch === word);
	if (machine === undefined)
		throw new KprepError("missing", "boot-arch", `kprep cannot boot kernels of ${arch}`, {
			expected: MACHINES.map((it) => it.arch).join(", "),
			found: arch,
			suggestions: ["leave out --boot"],
		});
	if (findProgram(machine.program) === null)
		throw new KprepError("missing", "tool-missing", `${machine.program} is not installed`, {
			expected: `${machine.program} on PATH, to boot the target's image`,
			suggestions: [`apt-get install ${machine.package}`],
		});
	return machine;
}

/**
 * Boots an image, and gives back what it wrote to its serial port until it switched itself off. Uses KVM only while
 * that proves itself: the device existing proves nothing where KVM is nested, so a machine that is not alive after a
 * few seconds is ended, and TCG takes over for this boot and every later one of this process.
 */
export async function boot(request: Boot): Promise<SerialOutput> {
	if (kvmPromising(request.machine)) {
		const output = await start(request, "kvm");
		if (output !== null) return output;
		kvmFailed = true;
		request.progress.verbose("KVM did not start the machine in time; going on with TCG");
	}
	return (await start(request, "tcg")) as SerialOutput;
}

const KVM_PATIENCE = 3000;
const ALIASES: Readonly<Record<string, string>> = {
	x86_64: "x86",
	amd64: "x86",
	aarch64: "arm64",
	riscv64: "riscv",
};
let kvmFailed = false;

function kvmPromising(machine: Machine): boolean {
	if (kvmFailed || machine.host !== process.arch || process.env.KPREP_ACCELERATOR === "tcg") return false;
	try {
		accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** null: KVM was asked for, and did not prove itself. */
async function start(request: Boot, accelerator: Accelerator): Promise<SerialOutput | null> {
	const { machine, signal } = request;
	const lines: string[] = [];
	const doubt = new AbortController();
	const patience = accelerator === "kvm" ? setTimeout(() => doubt.abort(), KVM_PATIENCE).unref() : undefined;
	let alive = false;
	let size = 0;
	const result = await attempt(commandLine(request, accelerator), {
		timeout: request.timeout,
		signal: AbortSignal.any([doubt.signal, ...(signal === undefined ? [] : [signal])]),
		progress: request.progress,
		keep: 4096,
		onLine(text, stream) {
			if (stream === "stderr") return;
			size += text.length;
			// A kernel gone wild may print without end.
			if (size > MOST_OUTPUT) return;
			const line = text.replace(/\r+$/, "");
			lines.push(line);
			if (alive || !request.alive(line)) return;
			alive = true;
			clearTimeout(patience);
		},
	});
	clearTimeout(patience);
	if (signal?.aborted) throw new KprepError("interrupted", "interrupted", "interrupted");
	if (accelerator === "kvm" && !alive) return null;
	if (lines.length === 0 && result.status !== 0 && result.status !== null)
		throw new KprepError("command", "emulator-failed", `${machine.program} could not start the image`, {
			found: result.stderr.trim().split("\n").slice(-3).join(" "),
			where: request.image,
			suggestions: ["the same command with --verbose"],
		});
	const { seconds, timedOut, stderr: complaint } = result;
	return { lines, accelerator, seconds, timedOut, complaint };
}

const MOST_OUTPUT = 32 * 1024 * 1024;

function commandLine(request: Boot, accelerator: Accelerator): string[] {
	const { machine, image, initramfs } = request;
	const memory = machine.memory + 3 * request.initramfsSize;
	return [
		machine.program,
		...machine.options,
		...["-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : "max", "-m", String(memory)],
		// No devices but the serial port: a boot shows nothing and reaches nothing.
		...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot"],
		...["-kernel", image, "-initrd", initramfs],
		...["-append", [`console=${machine.console}`, "panic=-1", ...request.kernelArguments].join(" ")],
	];
}
