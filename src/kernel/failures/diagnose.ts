import { displayLine, isStamped, normaliseLine, unpackedLines } from "../log/log-line.ts";
import { NeedleFilter } from "../log/needle-filter.ts";
import { NeedleIndex } from "../log/needle-index.ts";
import { catalogue } from "./catalogue.ts";
import type { DetailName, Details, Diagnosis, Entry, Pattern } from "./entry.ts";
import { isAboutLoading } from "./place.ts";
import { ALARM_NEEDLES, isAlarm, isTail, reasonAbove, worst } from "./reading/alarm.ts";
import { EVENT_NEEDLES, type EventParser, eventParsers, type LogEvent } from "./reading/events.ts";
import { explained, type Finding, MOST_LINES, MOST_VALUES, merged } from "./reading/merge.ts";
import { type Noise, noise } from "./reading/noise.ts";
import { emptyScene, observe, SCENE_NEEDLES, type Scene } from "./reading/scene.ts";

/** A harmless line and why it is harmless. */
export interface NoiseLine {
	line: string;
	why: string;
}

export interface Findings {
	/** Most decisive first. */
	diagnoses: Diagnosis[];
	noise: NoiseLine[];
	/** Refusals that only an errno names: the decisive line is not in the log. */
	unexplained: NoiseLine[];
	/** Lines that tell of a failure that nothing explains, the one to look at first; when something was diagnosed, only such as may have a reason of their own. */
	errors: string[];
	/** The line that stood above the first of `errors`, when it may be the reason; else null. */
	above: string | null;
	/** What the log says of its surroundings. */
	context: Scene;
}

const COLUMNS = 80;
const MOST_BROKEN = 2000;

/** How messages begin that are no rest of a line. */
const BEGINS =
	/^(?:[-*+] )?(?:[A-Z]{2,}(?: \[M\])? \S|g?make(?:\[\d+\])?:|\[ {0,5}\d|(?:ERROR|WARNING|FATAL|INFO|Error|Warning)\b|\S{1,200}\.[chS]:\d|[\w/-]{1,40}: ERROR)/;

/**
 * The most of a line that is matched at once: what expressions cost grows with the square of it. Longer ones are matched
 * in parts, with an overlap that holds a message; what was cut off on either side is marked, so that no part looks whole.
 */
const MOST_MATCHED = 2048;
const OVERLAP = 640;
const CUT = "…";

/** Readers that want a part, times its length: ten times what any message was seen to have. The rest of such a part is left. */
const MOST_WORK = 60_000;
const DENSE_PART = 512;

const MOST_EVENTS = 400;
const MOST_SEEN = 4096;
const MOST_ALARMS = 20;
const TRACE_LINES = 60;

/** A shell command that would say something, shown by make V=1: whether it did say it is another line's. */
const COMMAND = /(?:^|[;|&({] ?|then |else )(?:echo|printf) /;

function isCommand(text: string): boolean {
	return text.includes(">&2") && COMMAND.test(text);
}

/** kbuild's and make's word on what they do, gcc's on where it is, taint lines: nothing of them goes on in the next line. */
const WHOLE =
	/^ {2}[A-Z][A-Z0-9_]{1,14}(?: \[M\])? +\S{1,300}$|^make(?:\[\d+\])?: (?:Entering|Leaving) directory \S{1,300}$|: In function [^:]{1,200}:$|^In file included from [^:]{1,300}:\d+[:,]$/;

function isWhole(raw: string): boolean {
	return WHOLE.test(displayLine(raw));
}

/** Needles of everything that is looked for: lines without one of them need not be given to `Diagnoser.line`. */
export function lineFilter(): NeedleFilter {
	filter ??= new NeedleFilter([
		...EVENT_NEEDLES,
		...SCENE_NEEDLES,
		...catalogue.flatMap((entry) => (entry.patterns ?? []).flatMap((pattern) => pattern.needles)),
		...noise.flatMap(({ needles }) => needles),
		...ALARM_NEEDLES,
	]);
	return filter;
}

let filter: NeedleFilter | undefined;

/** Collects what the lines of one log say; memory is bounded whatever the log's length. */
export class Diagnoser {
	#scene = emptyScene();
	#findings: Finding[] = [];
	#events: { event: LogEvent; line: string; source: string | null }[] = [];
	/** The log that is read; null while there is only one. */
	#source: string | null = null;
	#noise = new Map<string, { line: string; why: string; module: string | null }>();
	#seen = new Set<string>();
	#perEntry = new Map<Entry, number>();
	/** A line that has a needle and said nothing whole: the next one may be its rest, wrapped by a terminal. */
	#open: { text: string; raw: string } | null = null;

	/** A line that fills a terminal, in a paste that has none wider; the next one may be its rest. */
	#broken: { raw: string; findings: number; events: number } | null = null;
	#widest = 0;

	#tracing = 0;
	/** Lines that tell of a failure and said nothing to any reader. */
	#alarms: { line: string; above: string | null }[] = [];
	/** Gives the line before the one that is read. */
	#above: () => string = () => "";

	/** Lines that COMMAND holds back. */
	#commands: string[] = [];
	readonly #literal: boolean;

	/** `literal`: commands that would print a message count as the message. */
	constructor(literal = false) {
		this.#literal = literal;
	}

	/** True when the line after the last one is wanted even without a needle in it. */
	get wantsNext(): boolean {
		return this.#open !== null || this.#broken !== null;
	}

	/** True while the lines of a crash are read: those of its trace have nothing in common that could be looked for. */
	get tracing(): boolean {
		return this.#tracing > 0;
	}

	/** The next lines are of the log `name`. */
	source(name: string): void {
		this.endLine();
		this.#source = name;
	}

	/** The next line is not the rest of the last one. */
	endLine(): void {
		this.#open = null;
		this.#broken = null;
	}

	/** One line as it was read, without its line end, at most a few KiB long. `above` gives the one before it, wanted or not. */
	line(raw: string, above: () => string = () => ""): void {
		this.#above = above;
		const parts = unpackedLines(raw);
		if (parts === null) this.#column(raw);
		else for (const part of parts) this.#line(part);
	}

	/** Puts together again what a terminal of 80 columns broke: what the whole says stands for what its first part said. */
	#column(raw: string): void {
		this.#widest = Math.max(this.#widest, raw.length);
		const broken = this.#broken;
		const mark = { findings: this.#findings.length, events: this.#events.length };
		const full = raw.length === COLUMNS && this.#widest === COLUMNS;
		this.#broken = full ? { raw, ...mark } : null;
		if (broken === null || this.#widest > COLUMNS || isStamped(raw) || BEGINS.test(normaliseLine(raw))) {
			this.#line(raw);
			return;
		}
		const whole = broken.raw + raw;
		this.#open = null;
		this.#line(whole);
		const more = this.#findings.length > mark.findings || this.#events.length > mark.events;
		if (more) {
			this.#findings.splice(broken.findings, mark.findings - broken.findings);
			this.#events.splice(broken.events, mark.events - broken.events);
		} else this.#line(raw);
		if (full && whole.length < MOST_BROKEN) this.#broken = { ...broken, raw: whole };
	}

	#line(raw: string): void {
		const text = normaliseLine(raw);
		if (this.#tracing > 0) this.#tracing--;
		const open = this.#open;
		this.#open = null;
		if (text === "") return;
		if (!this.#literal && isCommand(text)) {
			if (this.#commands.length < MOST_LINES) this.#commands.push(raw);
			return;
		}
		if (this.#seen.has(text)) return;
		if (this.#seen.size < MOST_SEEN) this.#seen.add(text);
		const said = this.#read(text, raw);
		if (open !== null && !isStamped(raw)) {
			const whole = this.#read(`${open.text} ${text}`, `${open.raw} ${raw}`, open.text);
			if (!whole && !/[\s,;:]$/.test(open.text)) this.#read(open.text + text, open.raw + raw, open.text);
		}
		if (!said && this.#alarms.length < MOST_ALARMS && isAlarm(text))
			this.#alarms.push({ line: displayLine(raw).trim(), above: reasonAbove(displayLine(this.#above())) });
		if (!said && text.length < 400 && !isWhole(raw)) this.#open = { text, raw };
	}

	/** The diagnoses of all lines so far. */
	finish(): Findings {
		const errnos = this.#events.flatMap(({ event }) => (event.kind === "refusal" ? [event.errno] : []));
		this.#scene.refusedBoth = errnos.includes("EINVAL") && errnos.includes("ENOENT");
		const findings = [...this.#findings];
		for (const { event, line, source } of this.#events) {
			const errno = event.kind === "refusal" ? { errno: event.errno } : {};
			const before = findings.length;
			for (const entry of catalogue) {
				const match = entry.event?.(event, this.#scene) ?? null;
				if (match !== null) findings.push({ ...match, entry, line, source, ...errno });
			}
			if (event.kind === "refusal" && findings.length === before)
				findings.push({
					details: event.module === null ? {} : { module: [event.module] },
					entry: null,
					...{ line, source },
					...errno,
				});
		}
		let diagnoses = explained(merged(findings));
		const better = diagnoses.filter(({ entry }) => entry.unless?.(this.#scene) !== true);
		if (better.length > 0 || this.#alarms.some(({ line }) => !isTail(line))) diagnoses = better;
		if (diagnoses.length === 0 && this.#commands.length > 0) diagnoses = this.#ofCommands();
		for (const diagnosis of diagnoses) this.#name(diagnosis);
		const unexplained = this.#unexplained(diagnoses);
		const noiseLines = [...this.#noise.values()];
		const { errors, above } = diagnoses.length === 0 ? this.#errors() : this.#others();
		if (diagnoses.length === 0 && unexplained.length > 0) diagnoses.push(this.#errnoAlone(unexplained));
		else if (diagnoses.length === 0 && errors.length === 0 && noiseLines.length > 0)
			diagnoses.push(this.#benign(noiseLines));
		return {
			diagnoses,
			noise: noiseLines.map(({ line, why }) => ({ line, why })),
			unexplained,
			errors,
			above,
			context: this.#scene,
		};
	}

	/** When nothing else is there, the pasted commands are what somebody took for the message. */
	#ofCommands(): Diagnosis[] {
		const diagnoser = new Diagnoser(true);
		for (const command of this.#commands) diagnoser.line(command);
		const { diagnoses } = diagnoser.finish();
		return diagnoses
			.filter(({ entry }) => entry.id !== "benign-noise")
			.map((diagnosis) => ({ ...diagnosis, certainty: "possible" }));
	}

	/** True when the text says something whole. `first`: the part that was read alone already. */
	#read(text: string, raw: string, first = ""): boolean {
		if (first === "") observe(text, this.#scene);
		let said = false;
		for (const part of partsOf(text)) if (this.#part(part, raw, first)) said = true;
		return said;
	}

	#part(whole: string, raw: string, first: string): boolean {
		const all = readers().find(whole);
		const dense = all.size * whole.length > MOST_WORK;
		const text = dense ? whole.slice(0, DENSE_PART) : whole;
		let said = false;
		for (const reader of dense ? readers().find(text) : all)
			if (this.#try(reader, text, raw, first)) said = true;
		return said;
	}

	#try(reader: Reader, text: string, raw: string, first: string): boolean {
		if ("parse" in reader) return this.#event(reader, text, raw, first);
		if ("why" in reader) return this.#harmless(reader, text, raw);
		const { entry, pattern } = reader;
		const found = pattern.match.exec(text);
		if (found === null || (first !== "" && found.index >= first.length)) return false;
		const details = pattern.read?.(found, this.#scene) ?? (pattern.read ? null : named(found));
		if (details === null) return false;
		this.#add(entry, { details, line: displayLine(raw), ...strength(pattern) });
		return true;
	}

	#event({ parse }: EventParser, text: string, raw: string, first: string): boolean {
		const event = parse(text);
		if (event === null || (first !== "" && event.kind !== "vermagic" && !first.endsWith(":"))) return false;
		if (event.kind === "crash") this.#tracing = TRACE_LINES;
		if (this.#events.length < MOST_EVENTS)
			this.#events.push({ event, line: displayLine(raw), source: this.#source });
		return true;
	}

	#harmless({ match, why }: Noise, text: string, raw: string): boolean {
		const found = match.exec(text);
		if (found === null) return false;
		const line = displayLine(raw).trim();
		if (this.#noise.size < MOST_LINES)
			this.#noise.set(text, { line, why, module: found.groups?.module ?? null });
		return true;
	}

	#add(entry: Entry, finding: Omit<Finding, "entry">): void {
		const count = (this.#perEntry.get(entry) ?? 0) + 1;
		this.#perEntry.set(entry, count);
		if (count <= MOST_VALUES) this.#findings.push({ ...finding, entry, source: this.#source });
	}

	/** A refusal whose line names no module is of the one module that the log says is being loaded. */
	#name(diagnosis: Diagnosis): void {
		const { loading } = this.#scene;
		const [only] = loading;
		if (!isAboutLoading(diagnosis.place) || only === undefined) return;
		const plain = (name: string) => name.replaceAll("-", "_");
		if (loading.some(({ module }) => plain(module) !== plain(only.module))) return;
		const files = loading.flatMap(({ file }) => (file === null ? [] : [file]));
		if (diagnosis.details.module === undefined)
			diagnosis.details = { ...diagnosis.details, module: [only.module] };
		const same = diagnosis.details.module?.some((name) => plain(name) === plain(only.module));
		if (diagnosis.details.file === undefined && same && files.length > 0)
			diagnosis.details = { ...diagnosis.details, file: [files[0] as string] };
	}

	#unexplained(diagnoses: Diagnosis[]): NoiseLine[] {
		if (diagnoses.length > 0) return [];
		return this.#events.flatMap(({ event, line }) =>
			event.kind === "refusal" ? [{ line, why: event.errno }] : [],
		);
	}

	/** Alarms, and what a reader took for an event that no entry wanted; the one to look at first in front. */
	#errors(): Pick<Findings, "errors" | "above"> {
		const plain = ({ line }: { line: string }) => ({ line: line.trim(), above: null });
		const crashes = this.#events.filter(({ event }) => event.kind === "crash" || event.kind === "killed");
		const others = this.#events.filter(
			({ event }) => event.kind !== "crash" && event.kind !== "killed" && event.kind !== "refusal",
		);
		const all = [...crashes.map(plain), ...this.#alarms, ...others.map(plain)].slice(0, MOST_ALARMS);
		const first = worst(all);
		if (first === undefined) return { errors: [], above: null };
		return { errors: [...new Set([first.line, ...all.map(({ line }) => line)])], above: first.above };
	}

	/** Alarms with words of their own beside what was diagnosed: they may be of another failure. */
	#others(): Pick<Findings, "errors" | "above"> {
		// "*** " without make's own end goes on with what was said before.
		const lines = this.#alarms
			.map(({ line }) => line)
			.filter((line) => !isTail(line) && !/^\s*\*\*\* (?!.*\b(?:Stop|Error)\b)/.test(line));
		return { errors: [...new Set(lines)], above: null };
	}

	/** All that is known is the number with which a tool gave up. */
	#errnoAlone(lines: NoiseLine[]): Diagnosis {
		const entry = catalogue.find(({ id }) => id === "errno-alone") as Entry;
		const modules = this.#events.flatMap(({ event }) =>
			event.kind === "refusal" && event.module !== null ? [event.module] : [],
		);
		const details: Details = {
			errno: [...new Set(lines.map(({ why }) => why))],
			...(modules.length > 0 ? { module: [...new Set(modules)] } : {}),
		};
		return {
			entry,
			details,
			certainty: "possible",
			place: entry.place,
			lines: lines.map(({ line }) => line),
			files: [],
		};
	}

	#benign(lines: { line: string; module: string | null }[]): Diagnosis {
		const entry = catalogue.find(({ id }) => id === "benign-noise") as Entry;
		const modules = [...new Set(lines.flatMap(({ module }) => (module === null ? [] : [module])))];
		return {
			entry,
			details: modules.length > 0 ? { module: modules } : {},
			certainty: "likely",
			place: entry.place,
			lines: lines.map(({ line }) => line),
			files: [],
		};
	}
}

function partsOf(text: string): string[] {
	if (text.length <= MOST_MATCHED) return [text];
	const parts: string[] = [];
	for (let from = 0; from === 0 || from + OVERLAP < text.length; from += MOST_MATCHED - OVERLAP) {
		const to = from + MOST_MATCHED;
		parts.push((from > 0 ? CUT : "") + text.slice(from, to) + (to < text.length ? CUT : ""));
	}
	return parts;
}

/** Everything that reads lines: patterns of entries, parsers of events, noise. */
type Reader = { entry: Entry; pattern: Pattern } | EventParser | Noise;

let index: NeedleIndex<Reader> | undefined;

function readers(): NeedleIndex<Reader> {
	const of = (value: Reader, needles: readonly string[]) => needles.map((needle) => ({ needle, value }));
	index ??= new NeedleIndex<Reader>([
		...catalogue.flatMap((entry) =>
			(entry.patterns ?? []).flatMap((pattern) => of({ entry, pattern }, pattern.needles)),
		),
		...eventParsers.flatMap((parser) => of(parser, parser.needles)),
		...noise.flatMap((line) => of(line, line.needles)),
	]);
	return index;
}

function strength({ place, certainty, adds }: Pattern): Partial<Finding> {
	return {
		...(place === undefined ? {} : { place }),
		...(certainty === undefined ? {} : { certainty }),
		...(adds ? { adds: true } : {}),
	};
}

/** The named groups of a match as details; a module file gives its module's name. */
function named(found: RegExpMatchArray): Details {
	const details: Details = {};
	for (const [name, value] of Object.entries(found.groups ?? {})) {
		if (value === undefined || value === "") continue;
		if (name !== "ko") details[name as DetailName] = [value];
		else details.module = [(value.split("/").pop() ?? value).replace(/\.k?o(?:\.\w{2,4})?$/, "")];
	}
	return details;
}
