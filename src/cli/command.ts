import { Command, type Config, Flags, type Interfaces } from "@oclif/core";
import { asKprepError, KprepError } from "../errors.ts";
import { trustFolders } from "../host/files/trust.ts";
import { cacheFailure } from "../host/machine/cache.ts";
import { type ManyProgress, type Progress, silent } from "../host/progress.ts";
import { answer, answerJson, outliveReaders, say } from "../report/output.ts";
import { paints } from "../report/paint.ts";
import { terminalProgress } from "../report/progress.ts";
import { byTree } from "./by-tree.ts";
import { closest } from "./closest.ts";
import { withDefaults } from "./defaults.ts";
import { type Given, withGiven } from "./own-words.ts";
import { Signals } from "./signals.ts";

/** What a command gives back: the document for --json, the text for people, and whether the answer is yes (exit 0) or no (exit 1). */
export interface Answer<T> {
	json: T;
	text: string;
	yes: boolean;
}

/** Flags on every command (CONTRACT: "Every command"). */
export const baseFlags = {
	json: byTree(Flags.boolean({ description: "print one JSON document on stdout" })),
	quiet: byTree(Flags.boolean({ char: "q", description: "no progress, only the result" })),
	color: byTree(
		Flags.boolean({
			allowNo: true,
			description: "colour, or none (default: on a terminal, without NO_COLOR)",
		}),
	),
	verbose: byTree(
		Flags.boolean({ char: "v", description: "show the commands that are run, and their output" }),
	),
	safe: Flags.string({
		...{ multiple: true, multipleNonGreedy: true, helpValue: "DIR" },
		description: "believe the .kprep and .kprep.ini below this folder though they are someone else's",
	}),
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
	#paint = false;
	/** What the user named, for the commands that a failure suggests. */
	#given: Given = {};
	#signals = new Signals();
	/** Aborted by the first Ctrl-C or SIGTERM; workflows pass it on to what they run. */
	protected readonly signal: AbortSignal = this.#signals.signal;
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
		const { argv, warnings } = await withDefaults(this.argv, this.ctor, parse);
		const parsed = (await parse(argv)) as Interfaces.ParserOutput<F & BaseFlags, object, A>;
		trustFolders(parsed.flags.safe ?? []);
		this.#given = parsed.flags as Given;
		this.progress = await this.progressFor(parsed.flags);
		this.#json = parsed.flags.json;
		this.#paint = paints(parsed.flags.color, process.stdout.isTTY === true);
		for (const warning of warnings) this.progress.warn(warning);
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
		outliveReaders();
		this.#signals.listen();
		try {
			const { json: document, text, yes } = await this.answer();
			await this.progress?.done();
			await (this.#json ? answerJson(document) : answer(text, this.#paint));
			process.exitCode = yes ? 0 : 1;
		} catch (error) {
			await this.progress?.done();
			const failure = this.signal.aborted ? interrupted(error) : commandError(error, this.#flagNames());
			const advised = (lines: string[]) =>
				lines.filter((line) => takes(line, this.#flags())).map((line) => withGiven(line, this.#given));
			await this.#report(withSuggestions(failure, advised));
			process.exitCode = failure.exitStatus;
		} finally {
			this.#signals.release();
		}
	}

	async #report(failure: KprepError): Promise<void> {
		const { code, message, suggestions } = failure;
		if (this.#json)
			// What cannot be written on stdout cannot be reported there either.
			await answerJson({ error: { code, message, suggestions, ...details(failure) } }).catch(() => {});
		else say(`kprep: ${failure.toText()}\n`);
		if (failure.kind === "bug" && failure.cause instanceof Error) say(`${failure.cause.stack}\n`);
	}

	#flags(): Record<string, { char?: string }> {
		return { ...this.ctor.baseFlags, ...this.ctor.flags };
	}

	#flagNames(): string[] {
		return Object.keys(this.#flags()).map((name) => `--${name}`);
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

/** Whether a line that advises a flag advises one that this command has; every other line is taken. */
function takes(line: string, flags: Record<string, { char?: string }>): boolean {
	const [, name, char] = /^(?:the same command with )?(?:--([a-z][\w-]*)|-([A-Za-z]))\b/.exec(line) ?? [];
	if (name !== undefined) return name === "help" || name in flags;
	return char === undefined || Object.values(flags).some((flag) => flag.char === char);
}

function withSuggestions(failure: KprepError, change: (lines: string[]) => string[]): KprepError {
	const suggestions = change(failure.suggestions);
	if (suggestions.join("\n") === failure.suggestions.join("\n")) return failure;
	const { kind, code, message, expected, found, where, cause } = failure;
	const facts = { expected, found, where, cause };
	const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
	return new KprepError(kind, code, message, { ...known, suggestions });
}

function interrupted(error: unknown): KprepError {
	if (error instanceof KprepError && error.kind === "interrupted") return error;
	return new KprepError("interrupted", "interrupted", "interrupted", { cause: error });
}

/** oclif's own parse errors (unknown flag, bad value) are usage errors; a mistyped flag gets the nearest one named. */
function commandError(error: unknown, known: string[]): KprepError {
	const parse = (error as { oclif?: unknown; parse?: unknown; flags?: unknown } | null) ?? {};
	if (error instanceof KprepError || (parse.oclif === undefined && parse.parse === undefined))
		return cacheFailure(error) ?? asKprepError(error);
	const unknown = Array.isArray(parse.flags) ? String(parse.flags[0] ?? "") : "";
	const near = unknown.startsWith("--") ? closest(unknown, known) : null;
	const message = (error as Error).message
		.replace(/\n*See more help with --help$/, "")
		.replace(/^Parsing (--[\w-]+)\s+Expected (an? .*) but received: /s, "$1 wants $2, and got ");
	return new KprepError("usage", "usage", message, {
		suggestions: [
			...(near === null ? [] : [`${near} instead of ${unknown}`]),
			"the same command with --help",
		],
		cause: error,
	});
}
