/** Whether the help of shortcuts is open; small, as every page asks. */
class Help {
  isOpen = $state(false);

  open(): void {
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }
}

export const help = new Help();
