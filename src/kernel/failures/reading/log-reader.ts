import { displayLine, isStamped, MOST_LINE } from "../../log/log-line.ts";
import { Diagnoser, type Findings, lineFilter } from "../diagnose.ts";
import { isProgress } from "./clues.ts";

const LF = 10;
const CR = 13;
const SPACE = 32;

/** Where a line that is too long is cut at the earliest: at white space if there is any behind this. */
const CUT_FROM = MOST_LINE - 1024;

/**
 * Feeds a byte stream to a Diagnoser, line by line, in any chunks: UTF-8 (invalid bytes replaced) or, with a byte order
 * mark, UTF-16. Keeps at most one line; lines longer than MOST_LINE are read in pieces. `lineFilter` decides which
 * lines are decoded at all.
 */
export class LogReader {
	readonly #filter = lineFilter();
	readonly #diagnoser = new Diagnoser();
	readonly #decoder = new TextDecoder();
	readonly #encoder = new TextEncoder();
	#wide: InstanceType<typeof TextDecoder> | null | undefined;
	#rest: Uint8Array = new Uint8Array(0);
	/** The line before the one that is read: where it is, and a copy of it when its chunk is gone. */
	#before: { bytes: Uint8Array; from: number; to: number } = { bytes: this.#rest, from: 0, to: 0 };

	feed(chunk: Uint8Array): void {
		const bytes = joined(this.#rest, this.#narrow(chunk));
		let from = 0;
		while (true) {
			const end = bytes.indexOf(LF, from);
			const to = end < 0 ? bytes.length : end;
			while (to - from > MOST_LINE) {
				const cut = pieceEnd(bytes, from);
				this.#line(bytes, from, cut);
				from = cut;
			}
			if (end < 0) break;
			this.#line(bytes, from, to);
			from = to + 1;
		}
		this.#rest = bytes.slice(from);
		const { from: start, to } = this.#before;
		this.#before = { bytes: this.#before.bytes.slice(start, to), from: 0, to: to - start };
	}

	/** Several logs are read, and what follows is of the one named `name`. */
	source(name: string): void {
		this.#endLine();
		this.#diagnoser.source(name);
	}

	/** The last line, and what all of them say. */
	finish(): Findings {
		this.#endLine();
		return this.#diagnoser.finish();
	}

	#endLine(): void {
		this.#line(this.#rest, 0, this.#rest.length);
		this.#rest = new Uint8Array(0);
		this.#wide = undefined;
	}

	#line(bytes: Uint8Array, from: number, to: number): void {
		if (from === to) return;
		this.#read(bytes, from, to);
		this.#before = { bytes, from, to };
	}

	/** The line above, decoded only when it is asked for. */
	readonly #above = (): string => {
		const { bytes, from, to } = this.#before;
		return this.#decoder.decode(bytes.subarray(from, to));
	};

	#read(bytes: Uint8Array, from: number, to: number): void {
		const hit = this.#filter.test(bytes, from, to);
		const { tracing } = this.#diagnoser;
		if (!hit && !tracing && !this.#diagnoser.wantsNext) return;
		const text = this.#decoder.decode(bytes.subarray(from, bytes[to - 1] === CR ? to - 1 : to));
		if (!tracing && ((!hit && isStamped(text)) || isProgress(text))) {
			this.#diagnoser.endLine();
			return;
		}
		// The filter lets every line with an escape sequence through: a needle may stand behind or around it.
		if (text.includes("\x1b") && !tracing && !this.#diagnoser.wantsNext && !this.#plain(text)) return;
		if (!text.includes("\r")) this.#diagnoser.line(text, this.#above);
		else for (const part of text.split("\r")) this.#diagnoser.line(part, this.#above);
	}

	#plain(text: string): boolean {
		const bytes = this.#encoder.encode(displayLine(text));
		return this.#filter.test(bytes, 0, bytes.length);
	}

	/** UTF-16 as UTF-8; everything else as it is. Windows' shells write UTF-16 with a mark. */
	#narrow(chunk: Uint8Array): Uint8Array {
		if (this.#wide === undefined && chunk.length >= 2) {
			const mark = ((chunk[0] as number) << 8) | (chunk[1] as number);
			this.#wide =
				mark === 0xfffe ? new TextDecoder("utf-16le") : mark === 0xfeff ? new TextDecoder("utf-16be") : null;
		}
		return this.#wide ? new TextEncoder().encode(this.#wide.decode(chunk, { stream: true })) : chunk;
	}
}

function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
	if (rest.length === 0) return chunk;
	const bytes = new Uint8Array(rest.length + chunk.length);
	bytes.set(rest);
	bytes.set(chunk, rest.length);
	return bytes;
}

function pieceEnd(bytes: Uint8Array, from: number): number {
	for (let at = from + MOST_LINE; at > from + CUT_FROM; at--)
		if (bytes[at] === SPACE || bytes[at] === CR) return at;
	return from + MOST_LINE;
}
