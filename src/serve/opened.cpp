#include "opened.hpp"

#include "pyro/archive/schema.hpp"

namespace pyro::serve {

Result<Opened> open_there(const ServiceSettings& settings) {
  std::error_code error;
  if (const auto next = next_key_path(key_path(settings)); std::filesystem::exists(next, error))
    return failed("a change of key was cut off or is under way (" + next.string() +
                  "); starting the server once, or rotate-key, ends it");
  Result<store::Key> key = master_key(settings, IfMissing::refuse);
  if (!key) return tl::make_unexpected(key.error());
  if (settings.database.empty() && !std::filesystem::exists(database_path(settings), error))
    return bad_input(database_path(settings).string() +
                     ": there is no such database; name its folder by --data");
  auto database = open_database(settings, *key);
  if (!database) return tl::make_unexpected(database.error());
  return Opened{*key, std::move(*database)};
}

Result<Opened> open_current(const ServiceSettings& settings) {
  Result<Opened> there = open_there(settings);
  if (!there) return there;
  if (Status current = store::migrate(*there->database, archive::schema()); !current)
    return tl::make_unexpected(current.error());
  return there;
}

}  // namespace pyro::serve
