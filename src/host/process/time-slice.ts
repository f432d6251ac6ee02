/**
 * ms of work without a pause: progress and Ctrl-C get their turn, and above all a decompressor that runs beside (the
 * kernel's) gets its pipe emptied, which it fills in little more time.
 */
const LENGTH = 0.5;

/** Divides long synchronous work so that the event loop gets its turn often. */
export class TimeSlice {
	readonly #signal: AbortSignal | undefined;
	#end = 0;

	constructor(signal?: AbortSignal) {
		this.#signal = signal;
	}

	/** Whether it is time for a turn. */
	get over(): boolean {
		return performance.now() >= this.#end;
	}

	/** Lets everything that waits be done. Throws what the signal was aborted with. */
	async turn(): Promise<void> {
		await new Promise((resolve) => setImmediate(resolve));
		this.#signal?.throwIfAborted();
		this.#end = performance.now() + LENGTH;
	}
}
