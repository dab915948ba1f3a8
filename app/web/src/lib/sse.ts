/** Server-sent events as text, read piece by piece (HTML standard, section 9.2.6). */
export interface ServerEvent {
  type: string;
  data: string;
  /** The last id told so far; empty when none was. */
  id: string;
}

/** Takes text as it comes in and returns the events that are whole. */
export class EventReader {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id = '';
  private afterReturn = false;

  read(text: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    // A line break may come in two pieces.
    const piece = this.afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text) this.afterReturn = text.endsWith('\r');
    const lines = (this.rest + piece).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.take(line);
      if (event) found.push(event);
    }
    return found;
  }

  private take(line: string): ServerEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.type = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const { type, data, id } = this;
    this.type = '';
    this.data = [];
    return data.length > 0 ? { type: type || 'message', data: data.join('\n'), id } : null;
  }
}
