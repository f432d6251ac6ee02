import type { Writable } from "node:stream";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Progress } from "../progress.ts";
import { failureText } from "./failure.ts";
import { findProgram } from "./program.ts";

export interface RunOptions {
	cwd?: string;
	/** Added to the environment of this process; undefined removes a variable. */
	env?: Record<string, string | undefined>;
	/** What its stdin gives; an iterable is asked for more as the program takes it. */
	input?: string | Uint8Array | Iterable<Uint8Array>;
	/**
	 * Called with the pid, which is the process group's too, before the program begins: it waits until this has
	 * returned, and never begins when this throws or kprep is killed meanwhile.
	 */
	onStart?: (pid: number) => void;
	/** Called with every complete line of stdout and stderr, in order of arrival, control characters kept. */
	onLine?: (line: string, stream: "stdout" | "stderr") => void;
	/** Called with stdout as it comes; it is then neither kept nor cut into lines. What it throws stops the program. */
	onBytes?: (bytes: Uint8Array) => void;
	/** Aborting stops the whole process group: SIGTERM, then SIGKILL after 5 s. */
	signal?: AbortSignal | undefined;
	/** Milliseconds until the group is stopped; the result then has timedOut. */
	timeout?: number;
	/** Statuses other than 0 that are not failures. */
	accept?: number[];
	progress?: Progress;
	/** The most that is kept of each stream for the result, in bytes; the last part is kept. */
	keep?: number;
}

export interface RunResult {
	command: string[];
	status: number | null;
	stdout: string;
	stderr: string;
	seconds: number;
	timedOut: boolean;
	stopped: boolean;
}

/**
 * Runs one program, without a shell, stdin closed (or `input`), in a process group of its own.
 * Throws KprepError "command" with the command line and last lines when it fails and "missing" when it is not
 * installed. A stop asked for with `signal` returns normally with `stopped`.
 */
export async function run(command: string[], options: RunOptions = {}): Promise<RunResult> {
	const result = await attempt(command, options);
	if (result.stopped || (result.status !== null && [0, ...(options.accept ?? [])].includes(result.status)))
		return result;
	throw new KprepError("command", "command-failed", failureText(result, options.timeout), {
		where: options.cwd ?? process.cwd(),
	});
}

function stdinOf(input: RunOptions["input"]) {
	if (input === undefined) return { stdin: "ignore" as const };
	return typeof input === "string" || input instanceof Uint8Array ? { input } : { stdin: input };
}

/** A shell that becomes the program once it is told to, on the stream GATE_STREAM; the end of that stream ends it. */
const GATE = 'read -r go <&3 && exec 3<&- && exec "$@"';
const GATE_STREAM = 3;

function gatedStreams(input: RunOptions["input"]) {
	const stdin = typeof input === "string" ? new TextEncoder().encode(input) : (input ?? "ignore");
	return { stdio: [stdin, "pipe", "pipe", "pipe"] as const };
}

/** As `run`, but any status is a result; throws only when the program cannot be started. */
export async function attempt(command: string[], options: RunOptions = {}): Promise<RunResult> {
	const { execa } = await import("execa");
	const [file = "", ...args] = command;
	const started = process.hrtime.bigint();
	options.progress?.verbose(`+ ${command.map(quoted).join(" ")}`);
	const keep = options.keep ?? 1024 * 1024;
	const kept = { stdout: "", stderr: "" };
	const search = options.env?.PATH ?? process.env.PATH ?? "";
	const program = file.includes("/") ? file : findProgram(file, search);
	if (program === null) throw await notInstalled(file);
	const { onStart } = options;
	const [starts, words] =
		onStart === undefined ? [program, args] : ["/bin/sh", ["-c", GATE, "sh", file, ...args]];
	const child = execa(starts, words, {
		...(onStart === undefined ? { argv0: file, ...stdinOf(options.input) } : gatedStreams(options.input)),
		...(options.cwd === undefined ? {} : { cwd: options.cwd }),
		env: options.env ?? {},
		reject: false,
		detached: true,
		cleanup: false,
		buffer: false,
		stripFinalNewline: false,
	});
	let stopped = false;
	let timedOut = false;
	const kill = (name: NodeJS.Signals) => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, name);
		} catch (error) {
			// EPERM: all that is left of the group became another user, as sudo does.
			if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		}
	};
	let last: NodeJS.Timeout | undefined;
	let closing: NodeJS.Timeout | undefined;
	const stop = () => {
		stopped = true;
		kill("SIGTERM");
		last = setTimeout(() => kill("SIGKILL"), 5000).unref();
	};
	const atExit = () => kill("SIGKILL");
	running.add(atExit);
	let thrown: { error: unknown } | undefined;
	// What is told may fail (a full disk); the program must then not be left to itself.
	try {
		if (child.pid !== undefined && onStart !== undefined) {
			onStart(child.pid);
			const gate = child.stdio[GATE_STREAM] as unknown as Writable;
			// Gone already: its status says so.
			gate.on("error", () => undefined);
			gate.end("go\n");
		}
	} catch (error) {
		thrown = { error };
		stop();
	}
	const timer =
		options.timeout === undefined
			? undefined
			: setTimeout(() => {
					timedOut = true;
					stop();
				}, options.timeout);
	if (options.signal?.aborted) stop();
	options.signal?.addEventListener("abort", stop, { once: true });
	const lines = (stream: "stdout" | "stderr") => {
		const decoder = new TextDecoder();
		let rest = "";
		child[stream]?.on("data", (chunk: Uint8Array) => {
			const text = decoder.decode(chunk, { stream: true });
			kept[stream] = (kept[stream] + text).slice(-keep);
			rest += text;
			const parts = rest.split("\n");
			rest = (parts.pop() ?? "").slice(-65536);
			for (const line of parts) {
				options.progress?.verbose(line);
				options.onLine?.(line, stream);
			}
		});
		child[stream]?.on("end", () => {
			if (rest !== "") options.onLine?.(rest, stream);
		});
	};
	const { onBytes } = options;
	if (onBytes === undefined) lines("stdout");
	else
		child.stdout?.on("data", (chunk: Uint8Array) => {
			if (thrown !== undefined) return;
			try {
				onBytes(chunk);
			} catch (error) {
				thrown = { error };
				stop();
			}
		});
	lines("stderr");
	// Somebody else may have taken the pipes along, and keep them open for ever.
	child.once("exit", () => {
		closing = setTimeout(() => {
			child.stdout?.destroy();
			child.stderr?.destroy();
		}, LINGER).unref();
	});
	const outcome = await child;
	// Members of the group that outlived their leader must not go on writing.
	if (stopped) kill("SIGKILL");
	clearTimeout(closing);
	clearTimeout(timer);
	clearTimeout(last);
	running.delete(atExit);
	options.signal?.removeEventListener("abort", stop);
	if (thrown !== undefined) throw thrown.error;
	const code = (outcome as { code?: string }).code;
	if (code === "ENOENT" && options.cwd === undefined) throw await notInstalled(file);
	if (code === "ENOENT" || code === "EACCES" || code === "ENOEXEC") throw await notInstalled(file, code);
	return {
		command,
		status: outcome.exitCode ?? null,
		...kept,
		seconds: Number(process.hrtime.bigint() - started) / 1e9,
		timedOut,
		stopped: stopped && !timedOut,
	};
}

/** Milliseconds in which what a program has written is taken in after its end. */
const LINGER = 5000;

// Node does not pass a death on to process groups of their own, so it is done by hand when kprep itself ends.
const running = new Set<() => void>();
process.once("exit", () => {
	for (const kill of running) kill();
});

async function notInstalled(program: string, code = "ENOENT"): Promise<KprepError> {
	const { installLine } = await import("../packages/tools.ts");
	const { readDistribution } = await import("../machine/distribution.ts");
	const { Root } = await import("../files/root.ts");
	const install = installLine([program], readDistribution(new Root()));
	return new KprepError("missing", "tool-missing", `${program} cannot be started here (${code})`, {
		expected: `${program} on PATH`,
		suggestions: [install ?? `install the package that has ${program}`, "kprep doctor"],
	});
}
