export const signin = {
  copy: 'Copy',
  copied: 'Copied',
  'field.email': 'E-mail',
  'field.password': 'Password',
  'password.see': 'Show what is typed',
  'signIn.submit': 'Sign in',
  'signIn.entering': 'Signing in…',
  'signIn.linkHint': 'On the machine that runs Outlay, this prints a link that signs you in:',
  'signIn.ended': 'Your session has ended',
  'signIn.endedText': 'Sign in again to go on. What you typed is still there.',
  'signIn.endedLink': 'Or open a fresh link in another tab of this browser:',
  'signIn.later': 'Not now',
  'signIn.waiting': {
    one: '{count} change of {email} waits in this browser, until they sign in.',
    other: '{count} changes of {email} wait in this browser, until they sign in.',
  },
} as const;
