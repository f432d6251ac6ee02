import { Command, type Config, Flags, type Interfaces } from "@oclif/core";
import { asKprepError, KprepError } from "../errors.ts";
import { type ManyProgress, type Progress, silent } from "../host/progress.ts";
import { painted, paints } from "../report/paint.ts";
import { terminalProgress } from "../report/progress.ts";
import { closest } from "./closest.ts";
import { withDefaults } from "./defaults.ts";

/** What a command gives back: the document for --json, the text for people, and whether the answer is yes (exit 0) or no (exit 1). */
export interface Answer<T> {
	json: T;
	text: string;
	yes: boolean;
}

/** Flags on every command (CONTRACT: "Every command"). */
export const baseFlags = {
	json: Flags.boolean({ description: "print one JSON document on stdout" }),
	quiet: Flags.boolean({ char: "q", description: "no progress, only the result" }),
	color: Flags.boolean({
		allowNo: true,
		description: "colour, or none (default: on a terminal, without NO_COLOR)",
	}),
	verbose: Flags.boolean({ char: "v", description: "show the commands that are run, and their output" }),
};

export type BaseFlags = Interfaces.InferredFlags<typeof baseFlags>;

/**
 * Parses, calls `answer`, renders: every kprep command extends it and holds no logic of its own.
 * Exit status, --json and the wording of errors are settled here, once, as CONTRACT.md says.
 */
export abstract class KprepCommand<T> extends Command {
	static override baseFlags = baseFlags;
	static override enableJsonFlag = false;
	/** True for commands whose steps take seconds or minutes each. */
	static longSteps = false;

	/** On the command line, or by ini file and variable once those are read. */
	#json = this.argv.includes("--json");
	#paint = (text: string) => text;
	#abort = new AbortController();
	/** Aborted by the first Ctrl-C or SIGTERM; workflows pass it on to what they run. */
	protected readonly signal: AbortSignal = this.#abort.signal;
	protected progress!: Progress;

	/**
	 * Runs the command without loading oclif's configuration and plugins, which take longer than most commands do.
	 * run() settles every outcome itself, so nothing is thrown.
	 */
	static async start(id: string, argv: string[]): Promise<void> {
		// biome-ignore lint/complexity/noThisInStatic: the class that was imported, not this base class
		const Started = this as unknown as (new (argv: string[], config: Config) => Command) & { id: string };
		Started.id = id;
		await new Started(argv, BARE).run();
	}

	/** The work of the command. Throws KprepError for everything a user can act on. */
	protected abstract answer(): Promise<Answer<T>>;

	/** Parses with the defaults of ini files and KPREP_* variables below the command line. */
	protected async read<
		F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
		A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
	>(command: Interfaces.Input<F, object, A>): Promise<Interfaces.ParserOutput<F & BaseFlags, object, A>> {
		const parse = (words: string[]) => this.parse(command, words);
		const argv = await withDefaults(this.argv, this.ctor, parse);
		const parsed = (await parse(argv)) as Interfaces.ParserOutput<F & BaseFlags, object, A>;
		this.progress = await this.progressFor(parsed.flags);
		this.#json = parsed.flags.json;
		if (paints(parsed.flags.color, process.stdout.isTTY === true)) this.#paint = painted;
		return parsed;
	}

	/** What shows the work; commands of several long steps choose a task list on a terminal. */
	protected async progressFor(flags: BaseFlags): Promise<Progress> {
		const { longSteps } = this.ctor as typeof KprepCommand;
		if (!longSteps || !process.stderr.isTTY || process.env.TERM === "dumb" || flags.quiet || flags.verbose) {
			return terminalProgress(flags);
		}
		return (await import("../report/task-list.ts")).taskList();
	}

	/** What shows several works at once: rows on a terminal, named lines in a log. */
	protected async rows(flags: BaseFlags): Promise<ManyProgress> {
		if (!process.stderr.isTTY || process.env.TERM === "dumb" || flags.quiet || flags.verbose)
			return (await import("../report/matrix/rows.ts")).namedRows(this.progress);
		const rows = await (await import("../report/matrix/live-rows.ts")).liveRows();
		this.progress = { ...silent, done: () => rows.done() };
		return rows;
	}

	override async run(): Promise<void> {
		const release = this.#listen();
		try {
			const { json: document, text, yes } = await this.answer();
			await this.progress?.done();
			await write(
				this.#json
					? `${JSON.stringify(document, null, 2)}\n`
					: this.#paint(text === "" || text.endsWith("\n") ? text : `${text}\n`),
			);
			process.exitCode = yes ? 0 : 1;
		} catch (error) {
			await this.progress?.done();
			const failure = this.#abort.signal.aborted
				? interrupted(error)
				: commandError(error, this.#flagNames());
			const { code, suggestions } = failure;
			if (this.#json)
				await write(
					`${JSON.stringify({ error: { code, message: failure.message, suggestions, ...details(failure) } }, null, 2)}\n`,
				);
			else process.stderr.write(`kprep: ${failure.toText()}\n`);
			if (failure.kind === "bug" && failure.cause instanceof Error)
				process.stderr.write(`${failure.cause.stack}\n`);
			process.exitCode = failure.exitStatus;
		} finally {
			release();
		}
	}

	#flagNames(): string[] {
		return Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags }).map((name) => `--${name}`);
	}

	#listen(): () => void {
		const stop = () => this.#abort.abort(new KprepError("interrupted", "interrupted", "interrupted"));
		process.once("SIGINT", stop);
		process.once("SIGTERM", stop);
		process.once("SIGHUP", stop);
		return () => {
			for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(name, stop);
		};
	}
}

/** What oclif's Command asks of its configuration while it parses. */
const BARE = {
	bin: "kprep",
	topicSeparator: " ",
	runHook: async () => ({ successes: [], failures: [] }),
} as unknown as Config;

function details({ expected, found, where }: KprepError): Record<string, string> {
	return Object.fromEntries(
		Object.entries({ expected, found, where }).filter(([, value]) => value !== undefined),
	) as Record<string, string>;
}

function interrupted(error: unknown): KprepError {
	if (error instanceof KprepError && error.kind === "interrupted") return error;
	return new KprepError("interrupted", "interrupted", "interrupted", { cause: error });
}

/** oclif's own parse errors (unknown flag, bad value) are usage errors; a mistyped flag gets the nearest one named. */
function commandError(error: unknown, known: string[]): KprepError {
	const parse = (error as { oclif?: unknown; parse?: unknown; flags?: unknown } | null) ?? {};
	if (error instanceof KprepError || (parse.oclif === undefined && parse.parse === undefined))
		return asKprepError(error);
	const unknown = Array.isArray(parse.flags) ? String(parse.flags[0] ?? "") : "";
	const near = unknown.startsWith("--") ? closest(unknown, known) : null;
	const message = (error as Error).message.replace(/\n*See more help with --help$/, "");
	return new KprepError("usage", "usage", message, {
		suggestions: [
			...(near === null ? [] : [`${near} instead of ${unknown}`]),
			"the same command with --help",
		],
		cause: error,
	});
}

function write(text: string): Promise<void> {
	return new Promise((resolve) => {
		if (text === "") resolve();
		else process.stdout.write(text, () => resolve());
	});
}
