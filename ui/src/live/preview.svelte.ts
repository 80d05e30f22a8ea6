import { asErrorView, ipc } from "../ipc";
import type { ErrorView, FilePreview } from "../types";

/** What one file holds, from the moment it is asked for until it is closed. */
export class Preview {
  shown = $state.raw<FilePreview | null>(null);
  error = $state.raw<ErrorView | null>(null);
  private isClosed = false;

  /** Opens the file; `width` and `height` are the room for a picture, in CSS pixels. */
  async open(id: string, width: number, height: number): Promise<void> {
    const ratio = window.devicePixelRatio || 1;
    const pixels = (length: number) => Math.max(1, Math.round(length * ratio));
    try {
      const shown = await ipc.previewFile(id, pixels(width), pixels(height));
      if (!this.isClosed) this.shown = shown;
    } catch (failure) {
      if (!this.isClosed) this.error = asErrorView(failure);
    }
  }

  /** Nothing of the file is left here, or waits in the shell to be shown. */
  close(): void {
    this.isClosed = true;
    this.shown = null;
    this.error = null;
    // Whoever closes it wants to see nothing: what fails here has nothing to show either.
    ipc.closePreview().catch(() => undefined);
  }
}
