import { visible } from "../printable.ts";
import { painted } from "./paint.ts";

/**
 * The one way to stdout and stderr: whatever a tree, log or program put into a text reaches the terminal as letters,
 * never as control characters. Readers that go away (EPIPE; EIO of a terminal that was closed) end the writing in
 * silence and nothing else: what kprep is in the middle of goes on.
 */
const gone = new Set<NodeJS.WriteStream>();

/**
 * To be called before anything is written, and again once oclif is loaded, whose own listener ends the process with a
 * stack trace: without one, an error of a stream does.
 */
export function outliveReaders(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.removeAllListeners("error").on("error", () => gone.add(stream));
}

/** Text for people on stderr: messages, warnings, output of programs. */
export function say(text: string): void {
	put(process.stderr, visible(text)).catch(() => {});
}

/** What moves the cursor or clears a line on a terminal: kprep's own words only. */
export function draw(controls: string, text = ""): void {
	put(process.stderr, controls + visible(text)).catch(() => {});
}

/** The result for people on stdout, with its signs in colour when `paint`. Rejects with the system's error when it cannot be written. */
export function answer(text: string, paint: boolean): Promise<void> {
	const clean = visible(text === "" || text.endsWith("\n") ? text : `${text}\n`);
	return put(process.stdout, paint ? painted(clean) : clean);
}

/** The document of --json on stdout. Rejects as `answer` does. */
export function answerJson(document: unknown): Promise<void> {
	return put(process.stdout, `${jsonText(document)}\n`);
}

/** JSON that shows on a terminal as it is: of what it may hold unescaped, what would act there is escaped too. */
export function jsonText(document: unknown): string {
	return JSON.stringify(document, null, 2).replace(
		ACTS_IN_JSON,
		(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

const ACTS_IN_JSON = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Columns of the terminal that stderr is; 80 where it does not say, as some serial lines and CI terminals do (0). */
export function terminalWidth(stream: { columns?: number } = process.stderr): number {
	return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
}

function put(stream: NodeJS.WriteStream, text: string): Promise<void> {
	if (text === "" || gone.has(stream)) return Promise.resolve();
	return new Promise((resolve, reject) => {
		stream.write(text, (error) => {
			if (error == null || isGone(error)) resolve();
			else reject(error);
		});
	});
}

function isGone(error: Error): boolean {
	return ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"].includes((error as NodeJS.ErrnoException).code ?? "");
}
