import { KprepError } from "../errors.ts";
import { say } from "../report/output.ts";

const NAMES = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * What Ctrl-C, SIGTERM and a closed terminal do to a command: the first one aborts `signal`, upon which what runs is
 * stopped and a tree is put back. That must not be cut short by impatience, so a second one only says so; a third ends
 * kprep at once, as kill -9 would: what it left is mended by `undo` or a rerun.
 */
export class Signals {
	readonly #abort = new AbortController();
	readonly signal: AbortSignal = this.#abort.signal;
	#count = 0;

	/**
	 * Not `once`: a listener that is gone before it is called leaves only signal-exit's (of listr2), which then takes
	 * the signal for unheard and raises it again.
	 */
	listen(): void {
		for (const name of NAMES) process.on(name, this.#take);
	}

	release(): void {
		for (const name of NAMES) process.removeListener(name, this.#take);
	}

	readonly #take = (): void => {
		this.#count++;
		if (this.#count === 1) this.#abort.abort(new KprepError("interrupted", "interrupted", "interrupted"));
		else if (this.#count === 2)
			say("kprep: stopping and putting things back; once more leaves at once (kprep undo mends that)\n");
		else process.exit(130);
	};
}
