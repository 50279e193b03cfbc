#include "pyro/infer/model_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "compiled_cache.hpp"
#include "conv_net.hpp"
#include "engine.hpp"
#include "mtcnn_graphs.hpp"
#include "plane_net.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/infer/model_forms.hpp"
#include "pyro/infer/selftest.hpp"
#include "pyro/infer/task_bundle.hpp"
#include "recipes.hpp"

namespace pyro::infer {
namespace {

std::string what_to_do(Origin origin) {
  switch (origin) {
    case Origin::fetched:
      return "run setup/fetch to bring it again, then `./run models verify`";
    case Origin::added:
      return "add it again (`./run models add`), or go back to another version (`./run models rollback`)";
    case Origin::own:
      break;
  }
  return "restore it from the repository or the bundle, then run `./run models verify`";
}

Result<std::vector<std::uint8_t>> read_verified(const std::string& name, const std::filesystem::path& path,
                                                const ModelFile& file, Origin origin) {
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream)
    return failed("model " + name + ": " + path.string() + " is missing or cannot be read; " +
                  what_to_do(origin));
  const auto size = static_cast<std::uint64_t>(stream.tellg());
  if (size != file.bytes) {
    return failed("model " + name + ": " + path.string() + " has " + std::to_string(size) +
                  " bytes instead of " + std::to_string(file.bytes) + "; " + what_to_do(origin));
  }
  std::vector<std::uint8_t> bytes(size);
  stream.seekg(0);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!stream)
    return failed("model " + name + ": " + path.string() + " cannot be read; " + what_to_do(origin));
  if (sha256_hex(bytes) != file.sha256) {
    return failed("model " + name + ": " + path.string() +
                  " is not the file that its record names (its SHA-256 differs) and is not used; " +
                  what_to_do(origin));
  }
  return bytes;
}

ov::AnyMap engine_config(const CompileOptions& options) {
  return {ov::hint::inference_precision(options.precision == Precision::f32 ? ov::element::f32
                                                                            : ov::element::bf16),
          ov::inference_num_threads(options.threads),
          // Pinned, every network of one thread would sit on the first core, whoever calls it.
          ov::hint::enable_cpu_pinning(false),
          ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY)};
}

// What our own runners would use; nullptr: the engine runs every network.
const Kernels* kernels_for(const CompileOptions& options) {
  const bool ours = !options.engine_only && options.precision == Precision::f32 && options.threads == 1;
  return ours ? best_kernels() : nullptr;
}

template <class Net>
Model model_of(const ModelEntry& entry, Net net) {
  return Model(std::make_shared<Model::Impl>(Model::Impl{entry.name, entry.version, std::move(net)}));
}

bool is_mesh(const ModelEntry& entry) {
  return entry.name == "face_mesh_478" || entry.name == "face_mesh_468";
}

}  // namespace

struct ModelStore::Impl {
  StoreOptions options;
  std::vector<ModelEntry> entries;
  // Held while something here is made; loading what was made before goes on beside it.
  std::mutex mutex;
  std::once_flag started;
  std::unique_ptr<ov::Core> core;                    // made when first needed: it loads the engine's plugins
  std::set<std::string, std::less<>> whole;          // whose files were verified in this process
  std::set<std::string, std::less<>> passed;         // what passed its self-test, by variant
  std::map<std::string, Model, std::less<>> shared;  // models that all threads share

  [[nodiscard]] std::filesystem::path path_of(const ModelFile& file, Origin origin) const {
    switch (origin) {
      case Origin::own:
        return options.models / file.path;
      case Origin::added:
        return options.registry / file.path;
      case Origin::fetched:
        break;
    }
    return options.home / "models" / file.path;
  }

  [[nodiscard]] const ModelEntry* find(std::string_view name) const {
    if (const auto meant = options.current.find(name); meant != options.current.end()) name = meant->second;
    const bool exact = name.find('@') != std::string_view::npos;
    const auto found = std::ranges::find_if(entries, [&](const ModelEntry& entry) {
      if (exact) return entry.reference() == name;
      return entry.origin != Origin::added && (entry.name == name || entry.as == name);
    });
    return found == entries.end() ? nullptr : &*found;
  }

  [[nodiscard]] tl::unexpected<Error> unknown(std::string_view name) const {
    const std::string text(name);
    if (const auto meant = options.current.find(name); meant != options.current.end()) {
      return failed("model " + text + " is " + meant->second +
                    " here, which cannot be used: `./run models verify` says why, `./run models rollback " +
                    text + "` goes back");
    }
    const auto version = std::ranges::find(entries, name, &ModelEntry::name);
    if (version != entries.end()) {
      return wrong_use("model \"" + text + "\" has no version in use yet: name one (" + version->reference() +
                       "), or put it into use by `./run models promote " + version->reference() + "`");
    }
    return wrong_use("there is no model \"" + text + "\"; `./run models list` shows all");
  }

  ov::Core& engine() {
    std::call_once(started, [this] { core = std::make_unique<ov::Core>(); });
    return *core;
  }

  Status verify_once(const ModelEntry& entry) {
    const std::scoped_lock lock(mutex);
    if (whole.contains(entry.reference())) return {};
    if (auto bytes = read(entry); !bytes) return tl::make_unexpected(bytes.error());
    if (!entry.weights.path.empty()) {
      auto weights =
          read_verified(entry.name, path_of(entry.weights, entry.origin), entry.weights, entry.origin);
      if (!weights) return tl::make_unexpected(weights.error());
    }
    whole.insert(entry.reference());
    return {};
  }

  // `variant` tells apart what may answer differently: precision, threads, whose runner.
  Status self_test_once(const ModelEntry& entry, const Model& model, Precision precision,
                        const std::string& variant) {
    if (entry.self_test.path.empty()) return {};
    {
      const std::scoped_lock lock(mutex);
      if (passed.contains(variant)) return {};
    }
    const std::filesystem::path path = path_of(entry.self_test, entry.origin);
    const auto text = read_verified(entry.name, path, entry.self_test, entry.origin);
    if (!text) return tl::make_unexpected(text.error());
    const auto test =
        parse_self_test({reinterpret_cast<const char*>(text->data()), text->size()}, path.string());
    if (!test) return tl::make_unexpected(test.error());
    if (Status ran = run_self_test(model, *test, precision); !ran) return ran;
    const std::scoped_lock lock(mutex);
    passed.insert(variant);
    return {};
  }

  // The entry's file; where that is missing but the task bundle that it comes from is there, the bundle's
  // inner file.
  [[nodiscard]] Result<std::vector<std::uint8_t>> read(const ModelEntry& entry) const {
    const std::filesystem::path path = path_of(entry.file, entry.origin);
    const std::size_t mark = entry.source.find('#');
    std::error_code ignored;
    if (mark == std::string::npos || std::filesystem::exists(path, ignored)) {
      return read_verified(entry.name, path, entry.file, entry.origin);
    }
    const auto outer = std::ranges::find(entries, entry.source.substr(0, mark), &ModelEntry::source);
    if (outer == entries.end()) return read_verified(entry.name, path, entry.file, entry.origin);
    const auto file =
        read_verified(outer->name, path_of(outer->file, outer->origin), outer->file, outer->origin);
    if (!file) return tl::make_unexpected(file.error());
    const auto bundle = TaskBundle::parse(*file, path_of(outer->file, outer->origin).string());
    if (!bundle) return tl::make_unexpected(bundle.error());
    const auto inner = bundle->find(entry.source.substr(mark + 1));
    if (!inner || sha256_hex(*inner) != entry.file.sha256) {
      return failed("model " + entry.name + ": is neither at " + path.string() + " nor in the task bundle; " +
                    what_to_do(entry.origin));
    }
    return std::vector<std::uint8_t>(inner->begin(), inner->end());
  }

  // The engine reads this format only by name: a model out of a bundle gets a file for that moment.
  std::shared_ptr<ov::Model> read_by_name(const std::filesystem::path& path,
                                          std::span<const std::uint8_t> bytes) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return engine().read_model(path.string());
    const auto folder = options.home / "compiled";
    std::filesystem::create_directories(folder, ignored);
    const auto lent = folder / (std::to_string(::getpid()) + "-" + path.filename().string());
    std::ofstream stream(lent, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    auto graph = engine().read_model(lent.string());
    std::filesystem::remove(lent, ignored);
    return graph;
  }

  Result<std::shared_ptr<ov::Model>> read_graph(const ModelEntry& entry) {
    auto bytes = read(entry);
    if (!bytes) return tl::make_unexpected(bytes.error());
    const std::filesystem::path path = path_of(entry.file, entry.origin);
    if (path.extension() == ".safetensors") return build_mtcnn(entry.name, *bytes);
    auto graph = entry.weights.path.empty()
                     ? read_by_name(path, *bytes)
                     : engine().read_model(path.string(), path_of(entry.weights, entry.origin).string());
    prepare(entry.name, graph);
    return graph;
  }

  Result<Model> compile(const ModelEntry& entry, const CompileOptions& wanted, const std::string& variant);

  // Trees and weights in JSON are no graph: the engine has no part in them. All threads share one.
  template <class Net>
  Result<Model> from_json(const ModelEntry& entry) {
    const std::scoped_lock lock(mutex);
    if (const auto known = shared.find(entry.reference()); known != shared.end()) return known->second;
    const auto bytes = read(entry);
    if (!bytes) return tl::make_unexpected(bytes.error());
    auto net = Net::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                          path_of(entry.file, entry.origin).string());
    if (!net) return tl::make_unexpected(net.error());
    return shared.emplace(entry.reference(), model_of(entry, std::move(*net))).first->second;
  }

  // For the meshes and for networks that were trained here (an IR with its weights). The fixed part serves
  // any number of threads: all share one. nullopt: the graph is none that our runners know.
  Result<std::optional<Model>> by_own_runner(const ModelEntry& entry, const Kernels& kernels,
                                             const std::string& key, const CompiledCache& cache) {
    if (!is_mesh(entry) && entry.weights.path.empty()) return std::nullopt;
    const std::string own_key = key + " own " + kernels.name;
    const std::scoped_lock lock(mutex);
    if (const auto known = shared.find(own_key); known != shared.end()) return known->second;
    const auto share = [&](auto net) -> std::optional<Model> {
      if (!net) return std::nullopt;
      return shared.emplace(own_key, model_of(entry, std::move(*net))).first->second;
    };
    // Reading a mesh's file takes the engine long; its form on disk spares that.
    const auto stored = is_mesh(entry) ? cache.read(own_key) : std::nullopt;
    if (stored) {
      if (auto model = share(PlaneNet::restore(*stored, kernels))) return model;
    }
    auto graph = read_graph(entry);
    if (!graph) return tl::make_unexpected(graph.error());
    if (!is_mesh(entry)) return share(ConvNet::create(**graph, kernels));
    auto net = PlaneNet::create(**graph, kernels);
    if (net) cache.write(own_key, net->stored());
    return share(std::move(net));
  }
};

Result<ModelStore> ModelStore::open(StoreOptions options) {
  const std::filesystem::path path = options.models / "manifest.toml";
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return failed(path.string() +
                  " is missing or cannot be read; start the program from its own repository or name "
                  "the models' folder");
  }
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  auto entries = parse_manifest(text, path.string());
  if (!entries) return tl::make_unexpected(entries.error());
  entries->insert(entries->end(), options.added.begin(), options.added.end());
  auto impl = std::make_shared<Impl>();
  impl->options = std::move(options);
  impl->entries = std::move(*entries);
  return ModelStore(std::move(impl));
}

ModelStore ModelStore::of_added(StoreOptions options) {
  auto impl = std::make_shared<Impl>();
  impl->entries = options.added;
  impl->options = std::move(options);
  return ModelStore(std::move(impl));
}

const std::vector<ModelEntry>& ModelStore::entries() const {
  return impl_->entries;
}

const ModelEntry* ModelStore::find(std::string_view name) const {
  return impl_->find(name);
}

std::filesystem::path ModelStore::path_of(const ModelFile& file, Origin origin) const {
  return impl_->path_of(file, origin);
}

Result<std::vector<std::uint8_t>> ModelStore::read(std::string_view name) const {
  const ModelEntry* entry = find(name);
  if (entry == nullptr) return impl_->unknown(name);
  return impl_->read(*entry);
}

Status ModelStore::verify(const ModelEntry& entry) const {
  for (const ModelFile* file : {&entry.file, &entry.weights, &entry.self_test}) {
    if (file->path.empty()) continue;
    const auto bytes = read_verified(entry.name, path_of(*file, entry.origin), *file, entry.origin);
    if (!bytes) return tl::make_unexpected(bytes.error());
  }
  return {};
}

Result<bool> ModelStore::self_test(const ModelEntry& entry, Precision precision) const {
  if (entry.self_test.path.empty()) return false;
  const auto model = compile(entry.reference(), {.precision = precision});
  if (!model) return tl::make_unexpected(model.error());
  return true;
}

Result<Model> ModelStore::compile(std::string_view name, const CompileOptions& options) const {
  const std::string precision = options.precision == Precision::f32 ? "f32" : "bf16";
  const ModelEntry* known = find(name);
  if (known == nullptr) return impl_->unknown(name);
  const ModelEntry& entry = *known;
  const std::string variant = entry.reference() + " " + precision + " " + std::to_string(options.threads) +
                              (options.engine_only ? " engine" : "");
  auto model = impl_->compile(entry, options, variant);
  if (!model) return model;
  if (const Status passed = impl_->self_test_once(entry, *model, options.precision, variant); !passed)
    return tl::make_unexpected(passed.error());
  return model;
}

Result<Model> ModelStore::Impl::compile(const ModelEntry& entry, const CompileOptions& wanted,
                                        const std::string& variant) {
  if (const Status verified = verify_once(entry); !verified) return tl::make_unexpected(verified.error());
  if (is_fused(entry)) return from_json<TreeNet>(entry);
  if (is_regression(entry)) return from_json<RegressionNet>(entry);
  try {
    ov::Core& ov_core = engine();
    const ov::AnyMap config = engine_config(wanted);
    const CompiledCache cache(options.home.empty() ? std::filesystem::path() : options.home / "compiled");
    const std::string key = variant + " " + entry.file.sha256 + " " + entry.weights.sha256 + " recipe " +
                            std::string(kRecipeVersion) + " " + ov::get_openvino_version().buildNumber + " " +
                            ov_core.get_property("CPU", ov::device::full_name);
    if (const Kernels* kernels = kernels_for(wanted)) {
      auto own = by_own_runner(entry, *kernels, key, cache);
      if (!own) return tl::make_unexpected(own.error());
      if (*own) return std::move(**own);
    }
    auto compiled = cache.load(ov_core, key, config);
    if (!compiled) {
      const std::scoped_lock lock(mutex);
      auto graph = read_graph(entry);
      if (!graph) return tl::make_unexpected(graph.error());
      compiled = ov_core.compile_model(*graph, "CPU", config);
      cache.store(key, *compiled);
    }
    return model_of(entry, std::move(*compiled));
  } catch (const std::exception& error) {
    return failed("model " + entry.name +
                      ": the engine cannot compile it; run `./run models verify` and `./run doctor`",
                  error.what());
  }
}

}  // namespace pyro::infer
