// The registry of a machine: models that were added here, in versions, and which version a name means. A
// folder:
//   models/<name>/<version>/   model.xml, model.bin, selftest.json, record.json; never changed once there
//   history.jsonl              a line for every promotion and rollback; what is current is read from it
//   lock, incoming/            of who is writing
// A version appears as a whole or not at all; what a kill leaves in incoming/ is swept by the next writer.
// Writers wait for each other, readers for nobody.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/registry/record.hpp"

namespace pyro::registry {

struct Added {
  infer::ModelEntry entry;  // origin added, paths below the registry's folder
  Json record;
};

// A version whose record cannot be used; it takes nothing from the others.
struct Broken {
  std::string reference;
  Error error;
};

struct Event {
  std::string utc;
  std::string event;    // "promote" or "rollback"
  std::string channel;  // the name whose meaning changed
  std::string model;    // "name@version" that it means from then on; empty: what ships
};

// What was read from the folder at one moment.
class Registry {
 public:
  // A folder that does not exist is an empty registry. Errors (failed): the history cannot be read, so it is
  // not known which version is meant.
  static Result<Registry> open(std::filesystem::path folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const std::vector<Added>& added() const { return added_; }  // by name, then version
  [[nodiscard]] const std::vector<Broken>& broken() const { return broken_; }
  [[nodiscard]] const std::vector<Event>& history() const { return history_; }
  [[nodiscard]] const Added* find(std::string_view reference) const;

  // What a name means here; nullopt: what ships under that name, if anything does.
  [[nodiscard]] std::optional<std::string> current(std::string_view channel) const;
  // What rollback would go back to; empty: what ships. nullopt: there is nothing to go back from.
  [[nodiscard]] std::optional<std::string> previous(std::string_view channel) const;
  [[nodiscard]] std::vector<std::string> channels() const;

 private:
  std::filesystem::path folder_;
  std::vector<Added> added_;
  std::vector<Broken> broken_;
  std::vector<Event> history_;
  std::map<std::string, std::vector<std::string>, std::less<>> promoted_;  // by channel, the newest last
};

// Where a machine's models are.
struct Place {
  std::filesystem::path models, home;  // as in infer::StoreOptions
  std::filesystem::path registry;      // empty: only what ships
};

// Another one after every promotion and rollback, by whichever process; cheap enough to be asked all the
// time.
[[nodiscard]] std::string history_stamp(const Place& place);

// All models of the place, names resolved as its registry says.
[[nodiscard]] Result<infer::ModelStore> open_store(const Place& place);

struct Addition {
  std::filesystem::path from;  // an exported folder with one .xml, or that file; its .bin beside it
  std::string name;
  std::optional<Version> version;  // nothing: the next one
  Json facts = Json::object();     // keys of the record that go before those of the folder's record.json
};
// Takes a model in: its files must load and pass the folder's selftest.json; where there is none, one is made
// from synthetic inputs. Errors: wrong_use (the name is that of a model that was not trained here, the
// version is there already, no licence is known), bad_input (files missing, unreadable, no network, self-test
// failed), failed (disk full, no permission).
[[nodiscard]] Result<Added> add(const Place& place, const Addition& addition);

// Writes selftest.json beside an exported model's graph: its answers to synthetic inputs. Errors: as of
// add().
[[nodiscard]] Result<infer::ModelFile> write_self_test(const Place& place, const std::filesystem::path& from);

struct Change {
  std::string channel, from, to;  // "name@version" both; from is empty where the name meant nothing
};
// `channel` means `reference` from now on: its files are verified and it must pass its self-test and take and
// give what the channel's present model does. Errors: wrong_use (no such version, another kind of network),
// failed (it does not pass; the registry cannot be written).
[[nodiscard]] Result<Change> promote(const Place& place, std::string_view reference,
                                     const std::string& channel);
// `channel` means again what it meant before the last promotion, under the same conditions.
[[nodiscard]] Result<Change> rollback(const Place& place, const std::string& channel);

// The whole record of a model: an added one's record.json, or a shipped one's card with what the manifest
// says (version, licence, source, files).
[[nodiscard]] Result<Json> record_of(const Place& place, const infer::ModelEntry& entry);

}  // namespace pyro::registry
