#include <algorithm>
#include <chrono>

#include "layout.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/base/time.hpp"
#include "pyro/infer/model_forms.hpp"
#include "pyro/registry/registry.hpp"
#include "storage.hpp"

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLongestModel = std::uintmax_t{1} << 30U;
constexpr std::uint64_t kSelfTestSeed = 1;
constexpr std::string_view kFusedFile = "fused.json";

// What an exported folder holds.
struct Incoming {
  std::string graph;
  std::string file;                    // its name in the registry
  std::optional<std::string> weights;  // fused models and regressions are one file
  std::optional<std::string> self_test;
  Json record = Json::object();
};

fs::path weights_beside(fs::path xml) {
  return xml.replace_extension(".bin");
}

// A network's .xml, or the .json of a fused model or a regression, which have their self-test and record
// beside them.
bool is_graph(const fs::path& path) {
  return path.extension() == ".xml" || path.filename() == kFusedFile ||
         path.filename() == infer::kRegressionFile;
}

Result<fs::path> graph_in(const fs::path& from) {
  std::error_code error;
  if (!fs::exists(from, error))
    return bad_input(from.string() +
                     ": is not there; give an exported folder, its .xml, fused.json or regression.json");
  if (!fs::is_directory(from, error)) {
    if (is_graph(from)) return from;
    return bad_input(from.string() +
                     ": is no OpenVINO IR, fused.json or regression.json; give an exported folder, or one of "
                     "these files");
  }
  std::vector<fs::path> graphs;
  for (fs::directory_iterator each(from, error), end; !error && each != end; each.increment(error)) {
    if (is_graph(each->path())) graphs.push_back(each->path());
  }
  if (error) return bad_input(from.string() + ": cannot be read; check its permissions", error.message());
  if (graphs.size() != 1)
    return bad_input(from.string() + ": holds " + std::to_string(graphs.size()) +
                     " models (.xml, fused.json, regression.json) instead of one; name the file itself");
  return graphs.front();
}

Result<Incoming> read_incoming(const fs::path& from) {
  const Result<fs::path> graph = graph_in(from);
  if (!graph) return tl::make_unexpected(graph.error());
  Incoming incoming;
  Result<std::string> bytes = read_whole(*graph, kLongestModel);
  if (!bytes) return tl::make_unexpected(bytes.error());
  incoming.graph = std::move(*bytes);
  incoming.file = graph->filename() == infer::kRegressionFile ? std::string(infer::kRegressionFile)
                                                              : "model" + graph->extension().string();
  if (graph->extension() == ".xml") {
    bytes = read_whole(weights_beside(*graph), kLongestModel);
    if (!bytes) return tl::make_unexpected(bytes.error());
    incoming.weights = std::move(*bytes);
  }
  std::error_code ignored;
  if (const fs::path path = graph->parent_path() / kSelfTestFile; fs::exists(path, ignored)) {
    Result<std::string> text = read_whole(path, kLongestText);
    if (!text) return tl::make_unexpected(text.error());
    incoming.self_test = std::move(*text);
  }
  if (const fs::path path = graph->parent_path() / kRecordFile; fs::exists(path, ignored)) {
    const Result<std::string> text = read_whole(path, kLongestText);
    if (!text) return tl::make_unexpected(text.error());
    Result<Json> record = parse_record(*text, RecordFormat::json, path.string());
    if (!record) return tl::make_unexpected(record.error());
    incoming.record = std::move(*record);
  }
  return incoming;
}

infer::ModelFile file_of(const fs::path& path, std::string_view content) {
  return {path.string(), content.size(), sha256_hex(content)};
}

// The files must be those that the folder's own record names, where it names some.
Status check_files(const Json& record, const infer::ModelEntry& entry) {
  const auto files = record.find("files");
  if (files == record.end()) return {};
  const Json found = files_of(entry);
  for (const char* which : {"graph", "weights", "self_test"}) {
    if (!files->contains(which) || !found.contains(which)) continue;
    if (text_at((*files)[which], "sha256") != text_at(found[which], "sha256"))
      return bad_input(
          std::string("the model's ") + which +
          " is not the file that its record.json names (its SHA-256 differs); export or copy it again");
  }
  return {};
}

// The version to take: the one asked for, or the next minor one after all that exist under this name.
Result<Version> free_version(const infer::ModelStore& store, const Registry& registry,
                             const Addition& addition) {
  std::optional<Version> highest;
  const auto see = [&](const std::string& reference) -> bool {
    const auto parts = reference_of(reference);
    if (!parts || parts->name != addition.name) return false;
    if (!highest || parts->version > *highest) highest = parts->version;
    return addition.version && parts->version == *addition.version;
  };
  bool taken = false;
  for (const infer::ModelEntry& entry : store.entries()) taken = see(entry.reference()) || taken;
  for (const Broken& broken : registry.broken()) taken = see(broken.reference) || taken;
  if (addition.version) {
    if (!taken) return *addition.version;
    return wrong_use(addition.name + "@" + text_of(*addition.version) +
                     " is there already, and a version never changes; leave --version out for the next one");
  }
  if (!highest) return Version{1, 0, 0};
  return Version{(*highest)[0], (*highest)[1] + 1, 0};
}

// Loads the staged model, by whatever runs it here and by the engine, and lets it answer. Gives the self-test
// that it passed: the given one, or one made now.
Result<infer::SelfTest> examine(const infer::ModelStore& staged, const infer::ModelEntry& entry,
                                const std::optional<std::string>& given, const fs::path& from) {
  const auto as_input = [&](const Error& error) {
    return bad_input(from.string() + ": is not taken in: " + error.message, error.context);
  };
  const Result<infer::Model> model = staged.compile(entry.reference());
  if (!model) return as_input(model.error());
  Result<infer::SelfTest> test = given ? infer::parse_self_test(*given, (from / kSelfTestFile).string())
                                       : infer::make_self_test(*model, kSelfTestSeed);
  if (!test) return test;
  if (Status passed = infer::run_self_test(*model, *test, infer::Precision::f32); !passed)
    return as_input(passed.error());
  const Result<infer::Model> by_engine = staged.compile(entry.reference(), {.engine_only = true});
  if (!by_engine) return as_input(by_engine.error());
  if (Status passed = infer::run_self_test(*by_engine, *test, infer::Precision::f32); !passed)
    return as_input(passed.error());
  return test;
}

// Whether it also passes in bf16; an engine that cannot run it so says no.
bool passes_in_bf16(const infer::ModelStore& staged, const infer::ModelEntry& entry,
                    const infer::SelfTest& test) {
  const auto model = staged.compile(entry.reference(), {.precision = infer::Precision::bf16});
  return model && infer::run_self_test(*model, test, infer::Precision::bf16);
}

Json whole_record(const Incoming& incoming, const Addition& addition, const Version& version) {
  Json record{{"schema", kRecordSchema}, {"name", addition.name}, {"version", text_of(version)}};
  for (const Json* facts : {&addition.facts, &incoming.record}) {
    for (const auto& [key, value] : facts->items()) {
      if (!record.contains(key)) record[key] = value;
    }
  }
  if (!record.contains("source")) record["source"] = "added on this machine";
  if (!record.contains("created")) record["created"] = utc_text(utc_now());
  return record;
}

// The folder of one addition; removed at the end unless it was published.
class Staging {
 public:
  explicit Staging(fs::path folder) : folder_(std::move(folder)) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

Result<Added> add(const Place& place, const Addition& addition) {
  if (!is_model_name(addition.name))
    return wrong_use("'" + addition.name +
                     "' cannot be a model's name: lower-case letters, digits, _ and -, a letter first");
  const Result<Incoming> incoming = read_incoming(addition.from);
  if (!incoming) return tl::make_unexpected(incoming.error());
  if (!addition.facts.contains("licence") && !incoming->record.contains("licence"))
    return wrong_use(
        "no licence is known for this model: give --licence (an SPDX identifier, or LicenseRef-…)");

  const Result<WriterLock> lock = WriterLock::take(place.registry);
  if (!lock) return tl::make_unexpected(lock.error());
  std::error_code ignored;
  fs::remove_all(place.registry / kIncoming, ignored);  // what a kill left: nobody else is writing now
  const Result<Registry> registry = Registry::open(place.registry);
  if (!registry) return tl::make_unexpected(registry.error());
  const Result<infer::ModelStore> store = open_store(place);
  if (!store) return tl::make_unexpected(store.error());
  if (Status own = may_be_meant_by(*store, addition.name); !own) return tl::make_unexpected(own.error());
  const Result<Version> version = free_version(*store, *registry, addition);
  if (!version) return tl::make_unexpected(version.error());

  const Staging staging(place.registry / kIncoming / addition.name);
  std::error_code error;
  fs::create_directories(staging.folder(), error);
  if (error) return cannot("create", staging.folder(), error.value());
  infer::ModelEntry entry;
  entry.name = addition.name;
  entry.version = text_of(*version);
  entry.origin = infer::Origin::added;
  entry.file = file_of(staging.folder() / incoming->file, incoming->graph);
  if (Status written = write_durably(entry.file.path, incoming->graph); !written)
    return tl::make_unexpected(written.error());
  if (incoming->weights) {
    entry.weights = file_of(staging.folder() / "model.bin", *incoming->weights);
    if (Status written = write_durably(entry.weights.path, *incoming->weights); !written)
      return tl::make_unexpected(written.error());
  }
  // Paths are whole here, so the folder that they are relative to does not matter.
  const auto staged = infer::ModelStore::of_added({place.models, place.home, "", {entry}, {}});
  const Result<infer::SelfTest> test = examine(staged, entry, incoming->self_test, addition.from);
  if (!test) return tl::make_unexpected(test.error());

  const std::string test_text = incoming->self_test ? *incoming->self_test : infer::self_test_text(*test);
  entry.self_test = file_of(staging.folder() / kSelfTestFile, test_text);
  if (Status same = check_files(incoming->record, entry); !same) return tl::make_unexpected(same.error());
  Json record = whole_record(*incoming, addition, *version);
  record["files"] = files_of(entry);
  record["self_test"] = facts_of(*test);
  record["self_test"]["from"] =
      incoming->self_test ? "came with the model" : "made here from synthetic inputs";
  record["self_test"]["passes_in_bf16"] = passes_in_bf16(staged, entry, *test);
  const fs::path below = folder_of(addition.name, *version);
  // Read back as everybody will read it, before anybody can.
  const std::string text = record.dump(2) + "\n";
  const Result<Json> read = parse_record(text, RecordFormat::json, "the model's record");
  if (!read) return tl::make_unexpected(read.error());
  const Result<infer::ModelEntry> final_entry = entry_of(*read, below, "the model's record");
  if (!final_entry) return tl::make_unexpected(final_entry.error());
  for (const auto& [name, content] : {std::pair(kSelfTestFile, &test_text), std::pair(kRecordFile, &text)}) {
    if (Status written = write_durably(staging.folder() / name, *content); !written)
      return tl::make_unexpected(written.error());
  }
  if (Status published = publish(staging.folder(), place.registry / below); !published)
    return tl::make_unexpected(published.error());
  return Added{*final_entry, *read};
}

Result<infer::ModelFile> write_self_test(const Place& place, const fs::path& from) {
  const Result<fs::path> graph = graph_in(from);
  if (!graph) return tl::make_unexpected(graph.error());
  const Result<Incoming> incoming = read_incoming(from);
  if (!incoming) return tl::make_unexpected(incoming.error());
  infer::ModelEntry entry;
  entry.name = graph->stem().string();
  entry.origin = infer::Origin::added;
  entry.file = file_of(fs::absolute(*graph), incoming->graph);
  if (incoming->weights) entry.weights = file_of(fs::absolute(weights_beside(*graph)), *incoming->weights);
  const auto store = infer::ModelStore::of_added({place.models, place.home, "", {entry}, {}});
  const Result<infer::SelfTest> test = examine(store, entry, std::nullopt, from);
  if (!test) return tl::make_unexpected(test.error());
  const std::string text = infer::self_test_text(*test);
  const fs::path path = graph->parent_path() / kSelfTestFile;
  if (Status written = write_durably(path, text); !written) return tl::make_unexpected(written.error());
  return file_of(path, text);
}

}  // namespace pyro::registry
