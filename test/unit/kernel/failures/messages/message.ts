/** A log as people paste it, and facts that it names literally. */
export interface Message {
	text: string;
	details?: Record<string, string | string[]>;
}

export const m = (text: string, details: Record<string, string | string[]> = {}): Message => ({
	text,
	details,
});
