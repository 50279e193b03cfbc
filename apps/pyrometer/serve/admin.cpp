#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "pyro/serve/upkeep.hpp"
#include "serve/serve.hpp"

namespace pyro::cli {
namespace {

struct AdminFlags {
  serve::ServiceSettings settings;
  std::string data = settings.data.string(), key_file, anchor, file, account;
  bool json = false;

  [[nodiscard]] serve::ServiceSettings settled() const {
    serve::ServiceSettings out = settings;
    out.data = data;
    out.key_file = key_file;
    return out;
  }
};

int said(bool json, const nlohmann::json& machine, const std::string& human) {
  std::printf("%s\n", json ? machine.dump().c_str() : human.c_str());
  return 0;
}

int verify(const AdminFlags& flags) {
  const auto verdict = serve::verify_audit(flags.settled(), flags.anchor);
  if (!verdict) return report(verdict.error(), flags.json);
  return said(flags.json, {{"whole", true}, {"anchor", verdict->anchor}},
              "whole; keep this elsewhere, to be given as --anchor next time:\n" + verdict->anchor);
}

int check(const AdminFlags& flags) {
  const auto faults = serve::check_store(flags.settled());
  if (!faults) return report(faults.error(), flags.json);
  if (flags.json) {
    std::printf("%s\n", nlohmann::json{{"whole", faults->empty()}, {"faults", *faults}}.dump().c_str());
  } else {
    for (const std::string& one : *faults) std::printf("%s\n", one.c_str());
    if (faults->empty()) std::printf("whole\n");
  }
  return faults->empty() ? 0 : exit_code(ErrorCode::bad_input);
}

int done(const AdminFlags& flags, const Status& status, const std::string& human) {
  if (!status) return report(status.error(), flags.json);
  return said(flags.json, {{"done", true}}, human);
}

int sweep(const AdminFlags& flags) {
  const auto erased = serve::sweep_retention(flags.settled());
  if (!erased) return report(erased.error(), flags.json);
  nlohmann::json rows = nlohmann::json::array();
  std::string human;
  for (const serve::ErasedRows& one : *erased) {
    rows.push_back({{"kind", one.kind}, {"person", one.person}, {"rows", one.rows}});
    human += one.kind + " of " + one.person + ": " + std::to_string(one.rows) + " rows\n";
  }
  return said(flags.json, {{"erased", rows}},
              human.empty() ? "nothing was older than its rule says" : human + "erased");
}

int reset(const AdminFlags& flags) {
  const auto password = serve::reset_password(flags.settled(), flags.account);
  if (!password) return report(password.error(), flags.json);
  return said(flags.json, {{"one_time_password", *password}},
              "one-time password of " + flags.account + ": " + *password);
}

}  // namespace

void add_admin(CLI::App& app, Chosen& chosen) {
  auto* verb =
      app.add_subcommand("admin", "A server's data, by whoever owns its folder: backup, restore, key, audit");
  verb->require_subcommand(1);
  auto flags = std::make_shared<AdminFlags>();
  const auto add = [&](const char* name, const char* what, const std::function<int(const AdminFlags&)>& run) {
    auto* sub = verb->add_subcommand(name, what);
    sub->add_option("--data", flags->data, "The server's data folder")->capture_default_str();
    sub->add_option("--key-file", flags->key_file, "File of its key, where it is not in that folder");
    sub->add_option("--database", flags->settings.database, "PostgreSQL, where the server uses it");
    sub->add_flag("--json", flags->json, "For machines");
    sub->callback([flags, run, &chosen] { chosen = [flags, run] { return run(*flags); }; });
    return sub;
  };
  add("check", "Whether every page and index of the database is whole", check);
  add("audit-verify", "Whether the audit log is whole", verify)
      ->add_option("--anchor", flags->anchor, "Where it ended when it was verified before");
  add("backup", "An encrypted copy of the database as of now, while the server runs",
      [](const AdminFlags& the) {
        return done(the, serve::back_up(the.settled(), the.file),
                    "kept in " + the.file + "; it opens with the same key, which it does not hold");
      })
      ->add_option("file", flags->file, "The copy")
      ->required();
  add("restore", "Put a backup in the database's place",
      [](const AdminFlags& the) {
        return done(the, serve::restore(the.settled(), the.file),
                    "restored; what was there before lies beside it, as pyrometer.db.before");
      })
      ->add_option("file", flags->file, "The backup")
      ->required();
  add("rotate-key", "Encrypt everything anew under a new key", [](const AdminFlags& the) {
    return done(the, serve::rotate_key(the.settled()),
                "done; backups made before open with the old key only");
  });
  add("retention", "Erase what is older than the site's rules say, as the server does every hour", sweep);
  add("reset-password", "A one-time password for an account", reset)
      ->add_option("account", flags->account, "Its name")
      ->required();
  add_demo(*verb, chosen);
  verb->footer("Example: pyrometer admin backup --data /srv/pyrometer /backup/monday.db");
}

}  // namespace pyro::cli
