/** Bytes for people: "0.4 MiB", "55 MiB". */
export function sizeText(bytes: number): string {
	return `${(bytes / (1 << 20)).toFixed(bytes < 10 << 20 ? 1 : 0)} MiB`;
}
