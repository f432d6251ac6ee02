import type { Place } from "./place.ts";
import type { LogEvent } from "./reading/events.ts";
import type { Scene } from "./reading/scene.ts";

/** What a line says literally, by the fact names of the catalogue. Several values: several were named. */
export type Details = Partial<Record<DetailName, string[]>>;

export type DetailName =
	| "module"
	| "symbol"
	| "file"
	| "path"
	| "tool"
	| "release_module"
	| "release_kernel"
	| "flags_missing"
	| "flags_extra"
	| "relocation"
	| "option"
	| "namespace"
	| "parameter"
	| "config"
	/** Folder of the external module. */
	| "folder"
	/** Folder of the kernel's tree. */
	| "tree"
	/** Command name of the compiler that built the kernel: gcc-12. */
	| "compiler"
	/** NAME/VERSION as dkms calls a driver. */
	| "driver"
	| "errno"
	/** For texts alone: what is not known. */
	| "fact";

/** What one line says about one failure. */
export interface Match {
	details: Details;
	/** Overrides the place of the entry: a weaker wording, or a warning stage of the same thing. */
	place?: Place;
	/** How far the line alone proves it; `certain` unless said. */
	certainty?: Certainty;
}

/** certain: the line says so. likely: it follows from it in most cases. possible: one of a few readings. */
export type Certainty = "certain" | "likely" | "possible";

/** One wording of a message; made by `says` of pattern.ts from the format that prints it. */
export interface Pattern {
	/** Texts of which every matching line has at least one: the cheap test before the expression. */
	needles: readonly string[];
	/** Tried on the normalised line; its named groups are details. Every repetition in it is bounded. */
	match: RegExp;
	place?: Place;
	certainty?: Certainty;
	/** Only adds details to a diagnosis that another line made. */
	adds?: true;
	/** Turns the match into details itself; null when it is something else after all. */
	read?: (found: RegExpMatchArray, scene: Scene) => Details | null;
}

/** What the machine says about a diagnosis. */
export interface Verdict {
	verdict: "confirmed" | "contradicted" | "not-checkable";
	/** Short sentences: what was looked at, and what was there. */
	evidence: string[];
}

/** The machine on which kprep runs, or the target and the tree of a build; read only when an entry asks. */
export interface Machine {
	/** What its kernel is called in evidence: "the running kernel", "the target". */
	kernel: string;
	/** `uname -r`. */
	release: string;
	/** `uname -m`. */
	hardware: string;
	/** Effective user id. */
	uid: number | null;
	exists(path: string): boolean;
	/** Small text file, trimmed; null when it is absent or not readable. */
	text(path: string): string | null;
	/** Names in a folder; empty when it is absent. */
	list(path: string): string[];
	/** Path of a program on PATH; null when there is none. */
	program(name: string): string | null;
	/** "y", "m", "n" (also for "is not set") or the value of a symbol in the running kernel's config; null when no config is readable. */
	config(symbol: string): string | null;
}

/** A command to type: text with {placeholders}, {ko} being the module's file as the log knows it, or packages that hold the named tools. */
export type CommandTemplate =
	| string
	| { install: readonly string[] }
	/** What the system of the log offers: its headers, its kernel with headers, crates, firmware. */
	| { system: "headers" | "prepared" | "kernel" | "modules" | "compiler" | "rust" | "firmware" }
	/** By the way that the log shows: dkms, akmods, bitbake, make. `set`: a variable of make for it (LLVM=1). */
	| { way: "rebuild" | "build" | "update-driver"; set?: string; clean?: boolean }
	/** What only the facts together tell; values are quoted by whoever writes them into a command. */
	| ((known: Details, surroundings: Surroundings) => readonly string[]);

/** What a log tells beside the facts of one diagnosis. */
export interface Surroundings {
	scene: Scene;
	/** The kernel that the log is about; null when no release is named. */
	release: string | null;
	/** Id of the system of poster/systems.ts; null when nothing tells. */
	board: string | null;
}

/**
 * One failure: how it is recognised, what it means, what to do. A new one is one object in the file of its family,
 * and its messages in the tests. All texts may hold {name|fallback}; a part in [[...]] is left out when a fact that
 * it names is not known.
 */
export interface Entry {
	/** Kebab-case and stable: scripts rely on it. */
	id: string;
	title: string;
	/** Which of several diagnoses comes first. */
	place: Place;
	cause: string;
	remedy: string;
	commands: readonly CommandTemplate[];
	/** Other causes and what tells them apart; for the long text. */
	causes?: readonly string[];
	/** What not to do, and why. */
	unsafe?: string;
	/** A sentence more for `remedy` that only this log gives reason for; null for none. */
	here?: (details: Details, surroundings: Surroundings) => string | null;
	/** What makes certain of it, by hand. */
	check: string;
	/** Where the messages come from: file and versions. */
	origin: string;
	patterns?: readonly Pattern[];
	/** Reads structured events: tool errnos, missing rules, headers and programs, refused options, vermagic pairs. */
	event?: (event: LogEvent, scene: Scene) => Match | null;
	/** errnos with which a tool reports this refusal: its line then belongs to this diagnosis and is no other one. */
	returns?: readonly string[];
	/** Told when the whole log is read: true when it has better than this entry, which then is left out if anything else was found. */
	unless?: (scene: Scene) => boolean;
	/** Diagnoses that follow from this one when they name the same symbol. */
	explains?: readonly string[];
	/** Asks the machine; "not-checkable" when the log speaks of another kernel or nothing can be read. */
	confirm?: (details: Details, machine: Machine) => Verdict;
}

/** One diagnosis of a log, ready to be rendered. */
export interface Diagnosis {
	entry: Entry;
	details: Details;
	certainty: Certainty;
	place: Place;
	/** The lines that say it, as they were, control characters removed; at most a few dozen. */
	lines: string[];
	/** The logs that they are from; empty when only one was read. */
	files: string[];
}
