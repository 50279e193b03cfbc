#include "pyro/registry/registry.hpp"

#include <algorithm>
#include <chrono>

#include "layout.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/time.hpp"
#include "pyro/infer/model_forms.hpp"
#include "storage.hpp"

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLongestHistory = std::uintmax_t{64} << 20U;

// The lines of the history; one that a kill cut off at the end does not count.
Result<std::vector<Event>> read_history(const fs::path& path) {
  std::vector<Event> events;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return events;
  const Result<std::string> text = read_whole(path, kLongestHistory);
  if (!text) return tl::make_unexpected(text.error());
  std::size_t line = 1;
  for (std::size_t at = 0; at < text->size(); ++line) {
    const std::size_t end = text->find('\n', at);
    if (end == std::string::npos) break;
    try {
      const Json event = Json::parse(std::string_view(*text).substr(at, end - at));
      events.push_back({event.at("utc").get<std::string>(), event.at("event").get<std::string>(),
                        event.at("channel").get<std::string>(), event.at("model").get<std::string>()});
      if (events.back().event != kPromote && events.back().event != kRollback)
        throw std::invalid_argument("unknown event " + events.back().event);
    } catch (const std::exception& error) {
      return failed(
          path.string() + ", line " + std::to_string(line) +
              ": cannot be read, so it is not known which version is in use; mend or move away that file",
          error.what());
    }
    at = end + 1;
  }
  return events;
}

Result<Added> read_added(const fs::path& root, const Reference& reference) {
  const fs::path below = folder_of(reference.name, reference.version);
  const std::string shown = (root / below / kRecordFile).string();
  const Result<std::string> text = read_whole(root / below / kRecordFile, kLongestText);
  if (!text) return tl::make_unexpected(text.error());
  Result<Json> record = parse_record(*text, RecordFormat::json, shown);
  if (!record) return tl::make_unexpected(record.error());
  Result<infer::ModelEntry> entry = entry_of(*record, below, shown);
  if (!entry) return tl::make_unexpected(entry.error());
  if (entry->name != reference.name || entry->version != text_of(reference.version))
    return bad_input(shown + ": is the record of " + entry->reference() +
                     "; it lies in another model's folder");
  return Added{std::move(*entry), std::move(*record)};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator each(folder, ignored), end; !ignored && each != end; each.increment(ignored))
    names.push_back(each->path().filename().string());
  return names;
}

// Versions that lie in the registry, in order.
std::vector<Reference> versions_in(const fs::path& root) {
  std::vector<Reference> found;
  for (const std::string& name : names_in(root / kModels)) {
    for (const std::string& version : names_in(root / kModels / name)) {
      if (auto reference = reference_of(std::string(name).append("@").append(version)))
        found.push_back(std::move(*reference));
    }
  }
  std::ranges::sort(found, {}, [](const Reference& each) { return std::pair(each.name, each.version); });
  return found;
}

}  // namespace

Result<Registry> Registry::open(fs::path folder) {
  Registry registry;
  registry.folder_ = std::move(folder);
  Result<std::vector<Event>> history = read_history(registry.folder_ / kHistoryFile);
  if (!history) return tl::make_unexpected(history.error());
  registry.history_ = std::move(*history);
  for (const Event& event : registry.history_) {
    std::vector<std::string>& stack = registry.promoted_[event.channel];
    if (event.event == kPromote) stack.push_back(event.model);
    if (event.event == kRollback && !stack.empty()) stack.pop_back();
  }
  for (const Reference& reference : versions_in(registry.folder_)) {
    Result<Added> read = read_added(registry.folder_, reference);
    if (read) {
      registry.added_.push_back(std::move(*read));
    } else {
      registry.broken_.push_back({reference.name + "@" + text_of(reference.version), read.error()});
    }
  }
  return registry;
}

const Added* Registry::find(std::string_view reference) const {
  const auto found =
      std::ranges::find_if(added_, [&](const Added& each) { return each.entry.reference() == reference; });
  return found == added_.end() ? nullptr : &*found;
}

std::optional<std::string> Registry::current(std::string_view channel) const {
  const auto found = promoted_.find(channel);
  if (found == promoted_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::optional<std::string> Registry::previous(std::string_view channel) const {
  const auto found = promoted_.find(channel);
  if (found == promoted_.end() || found->second.empty()) return std::nullopt;
  return found->second.size() == 1 ? "" : found->second[found->second.size() - 2];
}

std::vector<std::string> Registry::channels() const {
  std::vector<std::string> names;
  names.reserve(promoted_.size());
  for (const auto& [name, stack] : promoted_) names.push_back(name);
  return names;
}

std::string history_stamp(const Place& place) {
  if (place.registry.empty()) return "";
  const fs::path file = place.registry / kHistoryFile;
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (error) return "";
  const auto written = fs::last_write_time(file, error);
  return std::to_string(bytes) + " " + std::to_string(written.time_since_epoch().count());
}

Result<infer::ModelStore> open_store(const Place& place) {
  infer::StoreOptions options{place.models, place.home};
  if (!place.registry.empty()) {
    const Result<Registry> registry = Registry::open(place.registry);
    if (!registry) return tl::make_unexpected(registry.error());
    options.registry = place.registry;
    for (const Added& each : registry->added()) options.added.push_back(each.entry);
    for (const std::string& channel : registry->channels()) {
      if (auto current = registry->current(channel)) options.current.emplace(channel, std::move(*current));
    }
  }
  return infer::ModelStore::open(std::move(options));
}

namespace {

// The model as it is now, and what it takes and gives, as text. It must pass its own self-test to get here.
Result<std::string> shapes_of(const infer::ModelStore& store, const std::string& reference) {
  const Result<infer::Model> model = store.compile(reference);
  if (!model) return tl::make_unexpected(model.error());
  const Result<infer::Network> network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  // These find their figures by name, so another number of them is no other kind.
  if (infer::is_regression(*store.find(reference))) return "a session's figures to a number";
  const auto text = [](const std::vector<std::size_t>& shape) {
    std::string sides;
    for (const std::size_t side : shape) sides += (sides.empty() ? "" : "x") + std::to_string(side);
    return sides;
  };
  return text(network->input_shape()) + " to " + text(network->output_shape(0));
}

Status note(const Registry& registry, const char* event, const std::string& channel,
            const std::string& model) {
  const std::string utc = utc_text(utc_now());
  return append_durably(registry.folder() / kHistoryFile,
                        Json{{"utc", utc}, {"event", event}, {"channel", channel}, {"model", model}}.dump());
}

std::string meaning_of(const infer::ModelStore& store, const std::string& channel) {
  const infer::ModelEntry* entry = store.find(channel);
  return entry != nullptr ? entry->reference() : "";
}

}  // namespace

Result<Change> promote(const Place& place, std::string_view reference, const std::string& channel) {
  if (!is_model_name(channel))
    return wrong_use("'" + channel +
                     "' cannot be a model's name: lower-case letters, digits, _ and -, a letter first");
  const Result<WriterLock> lock = WriterLock::take(place.registry);
  if (!lock) return tl::make_unexpected(lock.error());
  const Result<Registry> registry = Registry::open(place.registry);
  if (!registry) return tl::make_unexpected(registry.error());
  const Result<infer::ModelStore> store = open_store(place);
  if (!store) return tl::make_unexpected(store.error());
  const infer::ModelEntry* entry = reference_of(reference) ? store->find(reference) : nullptr;
  if (entry == nullptr)
    return wrong_use("there is no version '" + std::string(reference) +
                     "': give name@version as `./run models list` shows it");
  if (Status own = may_be_meant_by(*store, channel); !own) return tl::make_unexpected(own.error());
  const Result<std::string> offered = shapes_of(*store, entry->reference());
  if (!offered) return tl::make_unexpected(offered.error());
  const std::string before = meaning_of(*store, channel);
  if (!before.empty()) {
    // A present model that is damaged must not keep a sound one out.
    const Result<std::string> present = shapes_of(*store, before);
    if (present && *present != *offered) {
      return wrong_use(entry->reference() + " is another kind of network (" + *offered + ") than " + before +
                       " (" + *present + "), which " + channel +
                       " means now; promote it under another name with --as");
    }
  }
  if (before != entry->reference()) {
    if (Status noted = note(*registry, kPromote, channel, entry->reference()); !noted)
      return tl::make_unexpected(noted.error());
  }
  return Change{channel, before, entry->reference()};
}

Result<Change> rollback(const Place& place, const std::string& channel) {
  const Result<WriterLock> lock = WriterLock::take(place.registry);
  if (!lock) return tl::make_unexpected(lock.error());
  const Result<Registry> registry = Registry::open(place.registry);
  if (!registry) return tl::make_unexpected(registry.error());
  const auto before = registry->current(channel);
  const auto to = registry->previous(channel);
  if (!before || !to)
    return wrong_use("nothing was promoted as '" + channel +
                     "', so there is nothing to go back from (`./run models list`)");
  const Result<infer::ModelStore> ships =
      to->empty() ? open_store({place.models, place.home, {}}) : open_store(place);
  if (!ships) return tl::make_unexpected(ships.error());
  const infer::ModelEntry* entry = ships->find(to->empty() ? channel : *to);
  if (entry == nullptr && !to->empty())
    return failed("'" + channel + "' cannot go back to " + *to +
                  ": it cannot be used (`./run models verify` says why); "
                  "promote another version instead");
  if (entry != nullptr) {
    if (const auto shapes = shapes_of(*ships, entry->reference()); !shapes)
      return tl::make_unexpected(shapes.error());
  }
  if (Status noted = note(*registry, kRollback, channel, *to); !noted)
    return tl::make_unexpected(noted.error());
  return Change{channel, *before, entry != nullptr ? entry->reference() : ""};
}

}  // namespace pyro::registry
