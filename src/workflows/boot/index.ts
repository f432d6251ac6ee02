import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { type Accelerator, boot } from "../../host/boot/emulator.ts";
import { buildInit } from "../../host/boot/init.ts";
import { type Machine, machineFor } from "../../host/boot/machines.ts";
import { startable } from "../../host/boot/startable.ts";
import type { Progress } from "../../host/progress.ts";
import { type BootTranscript, readTranscript } from "../../kernel/log/bootlog.ts";
import { type BootModule, type RequestedModules, writeInitramfs } from "./initramfs.ts";
import { programForm } from "./program-form.ts";
import { doubtful, type ModuleVerdict, verdictsOf } from "./verdicts.ts";

export interface BootRequest {
	/** Path of a kernel image of any kind that kprep reads, or of user-mode Linux. */
	image: string;
	/** ARCH word of the kernel; x86_64, amd64, aarch64 and their like are understood too. The modules tell how wide it is. */
	arch: string;
	modules: BootModule[];
	kernelArguments?: string[];
	/** What to load when the kernel asks for a module. */
	requests?: RequestedModules[];
	/** Files of the running kernel whose first line is wanted, such as /sys/module/compression. */
	show?: string[];
	/** Words of a compiler for the architecture that is not on PATH. */
	compiler?: string[] | undefined;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

export interface BootReport {
	/** `uname -r` of the kernel that answered. */
	release: string;
	/** In the order of the request. */
	modules: ModuleVerdict[];
	accelerator: Accelerator;
	/** All boots together, compiling the init not counted. */
	seconds: number;
	boots: number;
	shown: Map<string, string>;
	/** Everything that the kernel logged, boot by boot. */
	log: string[];
}

/**
 * Boots a kernel image in QEMU with templates/init.c as its only program, and loads the modules one after another.
 * One boot serves all; when a load takes the machine down, another boot begins with that very module, since on a busy host
 * a machine may go down by itself: only when it does so again is the module blamed, and the next boot goes on with the rest
 * (and with the kept ones before it). Throws KprepError: "missing" without QEMU or a compiler for the architecture, "command" when the image
 * does not come up to the init.
 */
export async function bootAndLoad(request: BootRequest): Promise<BootReport> {
	const machine = machineFor(request.arch, programForm(request.arch, request.image, request.modules));
	const folder = await mkdtemp(join(tmpdir(), "kprep-boot-"));
	try {
		const init = await readFile(await buildInit(machine, folder, request));
		const image = await startable(request.image, machine.arch, folder);
		return await bootAll({ ...request, image }, machine, init, join(folder, "initramfs"));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The kernel then logs the call of each init function, and room for what it says of its own at boot. */
const SHOW_INIT_CALLS = ["initcall_debug", "log_buf_len=8M"];

/** By how much longer things take here just now: the processes that wait for each processor. */
function crowded(): number {
	return Math.min(20, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));
}

const SECONDS_TO_START = 90;
const SECONDS_A_MODULE = 2;
/** templates/init.c gives up on a load after 30 s. */
const SECONDS_FOR_A_STUCK_ONE = 35;

async function bootAll(
	request: BootRequest,
	machine: Machine,
	init: Uint8Array,
	initramfs: string,
): Promise<BootReport> {
	const report: BootReport = {
		...{ release: "", modules: [], accelerator: "tcg", seconds: 0, boots: 0 },
		...{ shown: new Map(), log: [] },
	};
	let stalls = 0;
	/** Index of the module that was tried in a boot that did not survive it. */
	let suspect = -1;
	do {
		const done = report.modules.length;
		const kept = request.modules
			.slice(0, done)
			.filter((it, index) => it.keep && report.modules[index]?.loaded);
		const wanted = [...kept, ...request.modules.slice(done)];
		const word = `@kprep-${Math.random().toString(36).slice(2, 10)}`;
		const size = await writeInitramfs(
			...([initramfs, init, wanted, request.show ?? [], word, request.requests] as const),
		);
		const seconds = SECONDS_TO_START + SECONDS_A_MODULE * wanted.length + SECONDS_FOR_A_STUCK_ONE;
		request.progress.step("boot", request.image);
		const output = await boot({
			...{ machine, image: request.image, initramfs, progress: request.progress, signal: request.signal },
			initramfsSize: Math.ceil(size / 2 ** 20),
			kernelArguments: [...SHOW_INIT_CALLS, ...(request.kernelArguments ?? [])],
			timeout: 1000 * crowded() * seconds,
			alive: (line) => /^\s*\[\s*\d+\.\d+\]/.test(line) || line.includes(word),
		});
		const transcript = readTranscript(output.lines, word);
		if (transcript.release === null) throw noInit(request, transcript, output.timedOut, output.complaint);
		report.release = transcript.release;
		report.accelerator = output.accelerator;
		report.seconds += output.seconds;
		report.boots++;
		report.log.push(...transcript.log);
		for (const [path, value] of transcript.shown) report.shown.set(path, value);
		const found = verdictsOf(wanted, transcript).slice(kept.length);
		const last = found.at(-1);
		const at = done + found.length - 1;
		const again = last !== undefined && doubtful(last) && suspect !== at;
		if (again) {
			suspect = at;
			found.pop();
		}
		report.modules.push(...found);
		const stalled = !again && found.length === 0 && request.modules.length > done;
		if (stalled && ++stalls > 1) throw noProgress(request, transcript);
	} while (report.modules.length < request.modules.length);
	return report;
}

function noInit(
	{ image }: BootRequest,
	{ log }: BootTranscript,
	timedOut: boolean,
	complaint: string,
): KprepError {
	const last = [...log.slice(-8), ...complaint.split("\n").slice(-3)].filter((line) => line.trim() !== "");
	return new KprepError("command", "boot-failed", "the image did not come up to kprep's init", {
		expected: "a kernel with an initramfs (CONFIG_BLK_DEV_INITRD) and a serial console",
		found: `${timedOut ? "nothing in time; last lines:" : "last lines:"} ${last.join(" | ") || "none"}`,
		where: image,
		suggestions: ["the same command with --verbose shows the whole boot"],
	});
}

function noProgress({ image }: BootRequest, { log }: BootTranscript): KprepError {
	return new KprepError("command", "boot-failed", "the machine went down before the next module was loaded", {
		found: log.slice(-5).join(" | "),
		where: image,
	});
}
