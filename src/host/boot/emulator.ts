import { accessSync, constants } from "node:fs";
import { KprepError } from "../../errors.ts";
import { attempt } from "../process/run.ts";
import type { Progress } from "../progress.ts";
import type { Machine } from "./machines.ts";

/** "none": the kernel ran as a process of this machine. */
export type Accelerator = "kvm" | "tcg" | "none";

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

/**
 * Boots an image, and gives back what it wrote to its serial port until it switched itself off. Uses KVM only while
 * that proves itself: the device existing proves nothing where KVM is nested, so a machine that is not alive after a
 * few seconds is ended, and TCG takes over for this boot and every later one of this process.
 */
export async function boot(request: Boot): Promise<SerialOutput> {
	if (request.machine.emulator === null) return (await start(request, "none")) as SerialOutput;
	if (kvmPromising(request.machine)) {
		const output = await start(request, "kvm");
		if (output !== null) return output;
		kvmFailed = true;
		request.progress.verbose("KVM did not start the machine in time; going on with TCG");
	}
	return (await start(request, "tcg")) as SerialOutput;
}

const KVM_PATIENCE = 3000;
let kvmFailed = false;

function kvmPromising(machine: Machine): boolean {
	const hosts = machine.emulator?.hosts ?? [];
	if (kvmFailed || !hosts.includes(process.arch) || process.env.KPREP_ACCELERATOR === "tcg") return false;
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
		throw new KprepError(
			"command",
			"emulator-failed",
			`${machine.emulator?.program ?? request.image} could not start the image`,
			{
				found: result.stderr.trim().split("\n").slice(-3).join(" "),
				where: request.image,
				suggestions: ["the same command with --verbose"],
			},
		);
	const { seconds, timedOut, stderr: complaint } = result;
	return { lines, accelerator, seconds, timedOut, complaint };
}

const MOST_OUTPUT = 32 * 1024 * 1024;

function commandLine(request: Boot, accelerator: Accelerator): string[] {
	const { machine, image, initramfs, kernelArguments } = request;
	const { emulator } = machine;
	const step = machine.memoryStep ?? 1;
	const memory = Math.ceil((machine.memory + 3 * request.initramfsSize) / step) * step;
	const words = [`console=${machine.console}`, "panic=-1", ...kernelArguments];
	// arch/um/kernel/um_arch.c, drivers/stdio_console.c: the first console is our end of the pipe, the others are none.
	if (emulator === null)
		return [
			image,
			`mem=${memory}M`,
			`initrd=${initramfs}`,
			"con=null",
			"con0=null,fd:1",
			"ssl=null",
			...words,
		];
	return [
		emulator.program,
		...emulator.options,
		...["-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : emulator.cpu, "-m", String(memory)],
		// No devices but the serial port: a boot shows nothing and reaches nothing.
		...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot"],
		...["-kernel", image, "-initrd", initramfs],
		...["-append", words.join(" ")],
	];
}
