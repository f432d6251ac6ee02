/** Where work says what it is doing. Workflows receive one; what it looks like is decided by the caller. */
export interface Progress {
	/** A named step begins; the one before it ends. `detail` is a short addition, such as a path. */
	step(name: string, detail?: string): void;
	/** Something inside the current step: the latest line of a program, a count. Shown briefly, or not at all. */
	note(text: string): void;
	/** How long the current step will take, in words: shown with it until it ends, also in logs. */
	expect?(text: string): void;
	/** Something the user should see even when all goes well; goes to stderr in every mode but --quiet. */
	warn(text: string): void;
	/** A command that is about to be run, and its output: shown with --verbose only. */
	verbose(text: string): void;
	/** Everything is over, and what is shown has come to rest when it resolves; idempotent. */
	done(): void | Promise<void>;
}

/** Says nothing: for tests and for reads that take no time. */
export const silent: Progress = { step() {}, note() {}, warn() {}, verbose() {}, done() {} };

/** Progress of several works at once, a row each. */
export interface ManyProgress {
	/** All rows there will be. */
	begin(names: readonly string[]): void;
	/** One of them; its `done` ends it. */
	row(name: string): Progress;
	/** Everything is over; idempotent. */
	done(): void | Promise<void>;
}
