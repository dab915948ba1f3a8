import type { links as en } from '../en/links';
import type { Part } from '../part';

export const links: Part<typeof en> = {
  'links.looking': 'Der Link wird geprüft …',
  'links.broken': 'Dieser Link lässt sich nicht benutzen',
  'links.again': 'Der geheime Teil fehlt. Bitte den Link noch einmal so öffnen, wie er ankam.',
  'links.home': 'Zu Outlay',
  'links.join': '„{ledger}“ beitreten',
  'links.invites': '{name} lädt in das Haushaltsbuch „{ledger}“ ein, mit der Rolle {role}.',
  'links.signedInAs': 'Angemeldet als {name}.',
  'links.joinAs': 'Als {name} beitreten',
  'links.notNow': 'Jetzt nicht',
  'links.otherAccount':
    'Um mit einem anderen Zugang beizutreten, zuerst abmelden und den Link erneut öffnen.',
  'links.who': 'Zugang',
  'links.new': 'Ich bin neu hier',
  'links.known': 'Ich habe schon einen Zugang',
  'links.name': 'Name',
  'links.emailHint': 'Zum Anmelden. Es wird keine Mail dorthin geschickt.',
  'links.emailTaken':
    'Es gibt schon einen Zugang mit dieser Adresse. Bitte „Ich habe schon einen Zugang“ wählen.',
  'links.password': 'Neues Passwort',
  'links.passwordHint': '10 Zeichen oder mehr. Ein Satz lässt sich gut merken.',
  'links.show': 'Passwort zeigen',
  'links.joined': '„{ledger}“ beigetreten',
  'links.reset': 'Neues Passwort setzen',
  'links.resetFor': 'Für den Zugang von {name}. Überall, wo er angemeldet ist, wird er abgemeldet.',
  'links.resetOther': 'Jetzt ist {name} angemeldet, danach nicht mehr.',
  'links.setPassword': 'Passwort setzen und anmelden',
  'links.passwordSet': 'Das neue Passwort gilt',
  'links.signIn': 'Als {name} anmelden',
  'links.stay': 'Bei {name} bleiben',
};
