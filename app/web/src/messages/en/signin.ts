export const signin = {
  'signIn.submit': 'Sign in',
  'signIn.entering': 'Signing in…',
  'signIn.linkHint': 'On the machine that runs Outlay, this prints a link that signs you in:',
  'signIn.ended': 'Your session has ended',
  'signIn.endedText': 'Sign in again to go on. What you typed is still there.',
} as const;
