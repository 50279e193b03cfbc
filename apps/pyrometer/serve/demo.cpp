// admin demo: simulated people in a server's data folder, to try it out with.
#include "pyro/serve/demo.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "serve/serve.hpp"

namespace pyro::cli {
namespace {

struct DemoFlags {
  std::string data = serve::ServiceSettings{}.data.string(), key_file, database;
  std::uint64_t seed = 1;
  bool json = false;

  [[nodiscard]] serve::ServiceSettings settled() const {
    serve::ServiceSettings out;
    out.data = data;
    out.key_file = key_file;
    out.database = database;
    return out;
  }
};

int demo_add(const DemoFlags& flags) {
  serve::ServiceSettings settings = flags.settled();
  const Result<registry::Place> place = find_place({});
  if (!place) return report(place.error(), flags.json);
  find_library(*place, settings);
  const auto accounts = serve::add_demo(settings, flags.seed, [](double) {});
  if (!accounts) return report(accounts.error(), flags.json);
  if (flags.json) {
    nlohmann::json told = nlohmann::json::array();
    for (const serve::DemoAccount& one : *accounts)
      told.push_back({{"name", one.name}, {"role", one.role}, {"one_time_password", one.one_time_password}});
    std::printf("%s\n", nlohmann::json{{"accounts", told}}.dump().c_str());
    return 0;
  }
  std::printf("Simulated people are there. To sign in with, told once:\n");
  for (const serve::DemoAccount& one : *accounts)
    std::printf("  %-18s %s\n", one.name.c_str(), one.one_time_password.c_str());
  std::printf(
      "What each may see depends on the site's mode: clinical for the clinician, research for the "
      "researcher.\n");
  return 0;
}

int demo_remove(const DemoFlags& flags) {
  const auto counts = serve::remove_demo(flags.settled());
  if (!counts) return report(counts.error(), flags.json);
  if (flags.json) {
    std::printf("%s\n", nlohmann::json{{"erased", *counts}}.dump().c_str());
    return 0;
  }
  for (const auto& [table, rows] : *counts)
    std::printf("%s: %lld rows\n", table.c_str(), static_cast<long long>(rows));
  std::printf(counts->empty() ? "there was no demo\n" : "removed\n");
  return 0;
}

int demo_told(const DemoFlags& flags) {
  const auto state = serve::demo_state(flags.settled());
  if (!state) return report(state.error(), flags.json);
  if (flags.json) {
    std::printf("%s\n", nlohmann::json{{"there", state->there},
                                       {"whole", state->whole},
                                       {"seed", state->seed},
                                       {"people", state->people},
                                       {"sessions", state->sessions},
                                       {"responses", state->responses},
                                       {"alerts", state->alerts}}
                            .dump()
                            .c_str());
    return 0;
  }
  if (!state->there) {
    std::printf("there is no demo\n");
    return 0;
  }
  std::printf("%s, made %s of seed %llu: %lld people, %lld sessions, %lld answers, %lld alerts\n",
              state->whole ? "whole" : "being added, or cut off while it was", utc_text(state->made).c_str(),
              static_cast<unsigned long long>(state->seed), static_cast<long long>(state->people),
              static_cast<long long>(state->sessions), static_cast<long long>(state->responses),
              static_cast<long long>(state->alerts));
  return 0;
}

}  // namespace

void add_demo(CLI::App& admin, Chosen& chosen) {
  auto* verb = admin.add_subcommand("demo", "Simulated people to try the site out with, plainly marked");
  verb->require_subcommand(1);
  auto flags = std::make_shared<DemoFlags>();
  const auto sub = [&](const char* name, const char* what, int (*run)(const DemoFlags&)) {
    auto* one = verb->add_subcommand(name, what);
    one->add_option("--data", flags->data, "The server's data folder; it may run")->capture_default_str();
    one->add_option("--key-file", flags->key_file, "File of its key, where it is not in that folder");
    one->add_option("--database", flags->database, "PostgreSQL, where the server uses it");
    one->add_flag("--json", flags->json, "For machines");
    one->callback([flags, run, &chosen] { chosen = [flags, run] { return run(*flags); }; });
    return one;
  };
  sub("add", "Two teams with weeks of sessions, and an account of each role; counts in no figure of the site",
      demo_add)
      ->add_option("--seed", flags->seed, "Other people for another number")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{4294967295}));
  sub("remove", "Take all of it out again, and nothing else", demo_remove);
  sub("status", "Whether it is there", demo_told);
  verb->footer("Example: pyrometer admin demo add --data /srv/pyrometer");
}

}  // namespace pyro::cli
