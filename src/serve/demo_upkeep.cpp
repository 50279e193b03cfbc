// The demo by the command line, in a folder whose server may run.
#include "demo.hpp"
#include "opened.hpp"
#include "pyro/archive/audit_log.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/jobs/folders.hpp"
#include "pyro/jobs/recordings.hpp"

namespace pyro::serve {
namespace {

Status note_demo(archive::AuditLog& log, store::Connection& in, std::string_view action) {
  security::AuditEntry entry;
  entry.at = utc_now(), entry.actor = "command line", entry.action = action, entry.resource = "demo";
  entry.outcome = "allowed";
  return log.append(in, std::move(entry));
}

}  // namespace

Result<std::vector<DemoAccount>> add_demo(const ServiceSettings& settings, std::uint64_t seed,
                                          const DemoProgress& progress) {
  const Result<Library> library = load_library(settings);
  if (!library) return tl::make_unexpected(library.error());
  const Result<Opened> there = open_current(settings);
  if (!there) return tl::make_unexpected(there.error());
  const Result<archive::Secrets> secrets = archive::secrets_of(*there->database, there->key);
  if (!secrets) return tl::make_unexpected(secrets.error());
  archive::AuditLog log(*there->database, secrets->audit);
  const auto accounts = new_demo_accounts({});
  if (!accounts) return tl::make_unexpected(accounts.error());
  const UtcTime now = utc_now();
  const Status begun = there->database->write([&](store::Connection& in) -> Status {
    if (Status made = begin_demo(in, *accounts, seed, now); !made) return made;
    return note_demo(log, in, "demo.add");
  });
  if (!begun) return tl::make_unexpected(begun.error());
  if (const Status filled = fill_demo(*there->database, *library, now, {}, progress); !filled)
    return failed("the demo was begun and is not whole; `pyrometer admin demo remove` takes it out again",
                  filled.error().text());
  std::vector<DemoAccount> out;
  for (const NewDemoAccount& one : *accounts) out.push_back(one.told);
  return out;
}

Result<std::map<std::string, std::int64_t>> remove_demo(const ServiceSettings& settings) {
  const Result<Opened> there = open_current(settings);
  if (!there) return tl::make_unexpected(there.error());
  const Result<archive::Secrets> secrets = archive::secrets_of(*there->database, there->key);
  if (!secrets) return tl::make_unexpected(secrets.error());
  archive::AuditLog log(*there->database, secrets->audit);
  std::map<std::string, std::int64_t> counts;
  const Status gone = there->database->write([&](store::Connection& in) -> Status {
    auto erased = erase_demo(in, *secrets);
    if (!erased) return status_of(erased);
    counts = std::move(*erased);
    return note_demo(log, in, "demo.remove");
  });
  if (!gone) return tl::make_unexpected(gone.error());
  if (const Status swept = jobs::Folders(settings.data).sweep(*there->database, utc_now()); !swept)
    return tl::make_unexpected(swept.error());
  if (const Status swept = jobs::Recordings(settings.data, *secrets).sweep(*there->database); !swept)
    return tl::make_unexpected(swept.error());
  return counts;
}

Result<DemoState> demo_state(const ServiceSettings& settings) {
  const Result<Opened> there = open_current(settings);
  if (!there) return tl::make_unexpected(there.error());
  DemoState out;
  const Status read = there->database->read([&](store::Connection& in) -> Status {
    const Result<DemoState> state = demo_state(in);
    if (state) out = *state;
    return status_of(state);
  });
  if (!read) return tl::make_unexpected(read.error());
  return out;
}

}  // namespace pyro::serve
