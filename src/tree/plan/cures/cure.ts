import type { Config } from "../../../kernel/config/config.ts";

/** What a program said when it was asked. */
export interface Said {
	ok: boolean;
	/** stdout and stderr. */
	words: string;
}

/** What a cure may ask of this machine. Every answer is found by running the tool itself on a few lines, never by its version. */
export interface HostFacts {
	/** Predefined macros of the compiler of the target, with the flags that every make gives it; empty when it cannot be run. */
	macros(): ReadonlyMap<string, string>;
	/** Compiles C text to nothing with the target's compiler ("cc") or the one of the build's own programs ("hostcc"). */
	compiles(which: "cc" | "hostcc", flags: string[], source: string): Said;
	/** Reads a makefile of these lines and makes its first goal. */
	make(makefile: string): Said;
	/** Runs a program on PATH; null when it is not installed. */
	runs(program: string, args: string[]): Said | null;
}

/** The tree as it was before the first sync, this machine, and what must come out. */
export interface CureView {
	/** ARCH as make gets it, and the word of arch/. */
	makeArch: string;
	arch: string;
	config: Config;
	/** A text of srctree by its path there; null when it is not there. */
	read(path: string): string | null;
	/** Names in a folder of srctree; none when it is not there. */
	names(folder: string): string[];
	host: HostFacts;
	/** What is known of the compiler that made the target. */
	target: { vermagic: string | null; compiler: string | null };
}

/** A file of the tree that a cure changes or adds. */
export interface FileCure {
	/** Relative to srctree. */
	path: string;
	/** A header that the compiler finds in objtree's include/ too, so that it can be given with -O. */
	header?: boolean;
	/** The cured text, from the present one (null: no such file). Gives a cured text back as it is. */
	edit(text: string | null): string;
	/** What is changed, in few words. */
	summary: string;
}

/** What is to be done about a trouble that was found. */
export interface Treatment {
	/** What this machine does to this tree, in one sentence. */
	reason: string;
	files?: FileCure[];
	/** The compiler is named plainly, past what the tree wraps it in. */
	plainCc?: boolean;
	/** Words behind the compiler's name. */
	cc?: string[];
	/** Words behind the name of the compiler of the build's own programs. */
	hostcc?: string[];
	variables?: Record<string, string>;
}

/** A trouble for which there is no cure: why, in one sentence, and what to do instead. */
export interface Incurable {
	cannot: string;
	remedy?: string;
}

/** One thing that a present machine does to an older tree, and what cures it. A new one is a file and a line in index.ts. */
export interface Cure {
	id: string;
	title: string;
	/** How the cure can change the code of a module, beyond letting it compile; null when it cannot. */
	code: string | null;
	/** Looks at tree and machine; null when the trouble is not there. The tree is asked first: machines are slow to answer. */
	probe(view: CureView): Treatment | Incurable | null;
}

/** A trouble that was found, with its cure or why there is none. */
export type Finding = Pick<Cure, "id" | "title" | "code"> & (Treatment | Incurable);
export type Cured = Pick<Cure, "id" | "title" | "code"> & Treatment;
