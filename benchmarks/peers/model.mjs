// What polyhire's model does after a mapping, by hand and for candidates alone: every field there, texts, lists, null.
const list = (given, make) => (given === undefined ? [] : [given].flat(2)).map(make);
const text = (given) => (given === undefined || given === null || given === "" ? null : String(given));
const reference = (given) => {
  if (given === undefined || given === null) return null;
  if (typeof given !== "object") return { id: String(given), name: null };
  return { id: text(given.id), name: text(given.name) };
};
const pointer = (given) => (given === undefined || given === null ? null : { id: String(given) });
const moment = (given) => given ?? null;

const HOST = /^https?:\/\/(?:[\w-]+\.)*(?:(linkedin)\.com|(github)\.com|(twitter)\.com|(facebook)\.com)(?=[/?#:]|$)/;
const kindOfLink = (url) => HOST.exec(url)?.slice(1).find(Boolean) ?? null;

const location = (given) => ({
  name: text(given.name),
  street_1: null,
  street_2: null,
  city: null,
  state: null,
  postal_code: null,
  country: null,
  type: given.type ?? null,
});
const application = (given) => ({
  id: text(given.id),
  candidate: reference(given.candidate),
  job: reference(given.job),
  applied_at: moment(given.applied_at),
  rejected_at: moment(given.rejected_at),
  source: reference(given.source),
  credited_to: null,
  current_stage: reference(given.current_stage),
  reject_reason: null,
  attachments: [],
  created_at: moment(given.created_at),
  updated_at: moment(given.updated_at),
  custom_fields: {},
});
const attachment = (given) => ({
  id: text(given.id),
  file_name: text(given.file_name),
  file_url: text(given.file_url),
  candidate: pointer(given.candidate),
  application: pointer(given.application),
  job: null,
  attachment_type: given.attachment_type ?? null,
  created_at: moment(given.created_at),
  updated_at: moment(given.updated_at),
  custom_fields: {},
});

export function finish(given, joined) {
  return {
    id: text(given.id),
    first_name: text(given.first_name),
    last_name: text(given.last_name),
    name: text(given.name),
    company: text(given.company),
    title: text(given.title),
    last_interaction_at: moment(given.last_interaction_at),
    is_private: text(given.is_private),
    can_email: given.can_email ?? null,
    locations: list(given.locations, location),
    phones: list(given.phones, (one) => ({ number: text(one.number), extension: null, type: one.type ?? null })),
    emails: list(given.emails, (one) => ({ email: text(one.email), type: one.type ?? null, is_primary: null })),
    urls: list(given.urls, (one) => ({ url: one.url, type: one.type ?? kindOfLink(one.url) })),
    ...(joined && {
      tags: list(given.tags, (one) => ({ id: text(one.id), name: one.name })),
      applications: list(given.applications, application),
      attachments: list(given.attachments, attachment),
    }),
    created_at: moment(given.created_at),
    updated_at: moment(given.updated_at),
    custom_fields: given.custom_fields ?? {},
  };
}
