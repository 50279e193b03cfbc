// The demo's rows: who there is at once, their weeks after that, and all of it out again.
#pragma once

#include <map>
#include <span>
#include <string_view>

#include "library.hpp"
#include "pyro/archive/rows.hpp"
#include "pyro/archive/secrets.hpp"
#include "pyro/security/passwords.hpp"
#include "pyro/serve/demo.hpp"

namespace pyro::serve {

// An account that is to be, with its password in both forms: hashing takes too long for a transaction.
struct NewDemoAccount {
  DemoAccount told;
  std::string hash;
};
[[nodiscard]] Result<std::vector<NewDemoAccount>> new_demo_accounts(const security::PasswordCost& cost);

// Accounts, organisation, teams and people with their consents, in the caller's transaction. Error
// (bad_input): there is a demo already, or somebody else has a name that it needs.
[[nodiscard]] Status begin_demo(store::Connection& in, std::span<const NewDemoAccount> accounts,
                                std::uint64_t seed, UtcTime now);

// What the people of begin_demo did until `now`, in order of time and in many small transactions, so that
// others write meanwhile. Alerts are made by the library's rules as each week ends. Error (failed): stopped.
[[nodiscard]] Status fill_demo(store::Database& database, const Library& library, UtcTime now,
                               const std::stop_token& stop, const DemoProgress& progress);

// With what was answered of groups of them.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> erase_demo(store::Connection& in,
                                                                     const archive::Secrets& secrets);
[[nodiscard]] Result<DemoState> demo_state(store::Connection& in);

// Who writes in the demo's name.
inline constexpr std::string_view kDemoClinician = "demo-clinician";

template <typename T>
[[nodiscard]] Status status_of(const Result<T>& result) {
  if (!result) return tl::make_unexpected(result.error());
  return {};
}
[[nodiscard]] inline Result<std::string> id_of(const Result<archive::Json>& row) {
  if (!row) return tl::make_unexpected(row.error());
  return row->at("id").get<std::string>();
}

}  // namespace pyro::serve
