#include "pyro/archive/secrets.hpp"

#include <sodium.h>

#include <algorithm>
#include <map>
#include <span>

namespace pyro::archive {
namespace {

constexpr std::array<std::string_view, 3> kSecretNames{"audit", "csrf", "seal"};

security::SealKey sealing(const store::Key& key) {
  return {0, std::span<const std::uint8_t, 32>{key.bytes().data(), 32}};
}

Result<std::map<std::string, Secret>> opened(store::Connection& in, const store::Key& master) {
  const Result<store::Rows> rows = in.query("SELECT name, sealed FROM secret");
  if (!rows) return tl::make_unexpected(rows.error());
  const security::SealKey key = sealing(master);
  std::map<std::string, Secret> out;
  for (const store::Row& row : *rows) {
    const std::string name = std::get<std::string>(row[0]);
    const std::string& bytes = std::get<store::Blob>(row[1]).bytes;
    const std::span sealed{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    const Result<security::SecretText> plain =
        security::open_sealed(sealed, "secret:" + name, std::span{&key, 1});
    if (!plain)
      return bad_input("the key does not fit this database's secrets; give the key that it was made with",
                       plain.error().text());
    if (plain->text().size() != 32)
      return failed("the database's secret \"" + name + "\" is damaged; restore a backup");
    std::ranges::copy(plain->text(), out[name].begin());
  }
  return out;
}

Status put(store::Connection& to, const std::string& name, const Secret& secret, const store::Key& master) {
  const security::Sealed sealed = security::seal(
      {reinterpret_cast<const char*>(secret.data()), secret.size()}, "secret:" + name, sealing(master));
  const store::Blob blob{{sealed.begin(), sealed.end()}};
  if (const auto gone = to.change("DELETE FROM secret WHERE name = $1", name); !gone)
    return tl::make_unexpected(gone.error());
  const auto kept = to.change("INSERT INTO secret (name, sealed) VALUES ($1, $2)", name, blob);
  if (!kept) return tl::make_unexpected(kept.error());
  return {};
}

}  // namespace

Result<Secrets> secrets_of(store::Database& database, const store::Key& master) {
  std::map<std::string, Secret> found;
  const Status made = database.write([&](store::Connection& in) -> Status {
    auto there = opened(in, master);
    if (!there) return tl::make_unexpected(there.error());
    found = std::move(*there);
    for (const std::string_view name : kSecretNames) {
      if (found.contains(std::string{name})) continue;
      Secret& fresh = found[std::string{name}];
      randombytes_buf(fresh.data(), fresh.size());
      if (Status kept = put(in, std::string{name}, fresh, master); !kept) return kept;
    }
    return {};
  });
  if (!made) return tl::make_unexpected(made.error());
  return Secrets{found["audit"], found["csrf"], found["seal"]};
}

Status reseal(store::Database& database, const store::Key& from, const store::Key& to) {
  return database.write([&](store::Connection& in) -> Status {
    const auto there = opened(in, from);
    if (!there) return tl::make_unexpected(there.error());
    for (const auto& [name, secret] : *there) {
      if (Status kept = put(in, name, secret, to); !kept) return kept;
    }
    return {};
  });
}

}  // namespace pyro::archive
