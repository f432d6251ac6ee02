/**
 * Does `work` for every item, at most so many at once, and answers in the order of the items. When one throws, no other is
 * begun, those that run are waited for, and the first error is thrown.
 */
export async function pooled<T, R>(
	items: readonly T[],
	most: number,
	work: (item: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	const errors: unknown[] = [];
	let next = 0;
	const worker = async () => {
		while (next < items.length && errors.length === 0) {
			const at = next++;
			try {
				results[at] = await work(items[at] as T);
			} catch (error) {
				errors.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, Math.min(most, items.length)) }, worker));
	if (errors.length > 0) throw errors[0];
	return results;
}

/** Runs the work of one key once, however many ask for it: a source that several targets share, a tree of two of them. */
export class Once {
	readonly #works = new Map<string, Promise<unknown>>();

	do<T>(key: string, work: () => Promise<T>): Promise<T> {
		const begun = this.#works.get(key) as Promise<T> | undefined;
		if (begun !== undefined) return begun;
		const started = work();
		this.#works.set(key, started);
		return started;
	}
}

/** Divides the jobs of a machine between the makes that run. */
export class JobShare {
	readonly #total: number;
	#running = 0;

	constructor(total: number) {
		this.#total = total;
	}

	/** Runs `work` with its share, which is settled when it begins. */
	async with<T>(work: (jobs: number) => Promise<T>): Promise<T> {
		this.#running++;
		try {
			return await work(Math.max(1, Math.floor(this.#total / this.#running)));
		} finally {
			this.#running--;
		}
	}
}
