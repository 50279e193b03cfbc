#include "pyro/infer/model_store.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "compiled_cache.hpp"
#include "engine.hpp"
#include "mtcnn_graphs.hpp"
#include "plane_net.hpp"
#include "pyro/infer/task_bundle.hpp"
#include "recipes.hpp"

namespace pyro::infer {
namespace {

std::string what_to_do(Origin origin) {
  return origin == Origin::fetched ? "run setup/fetch to bring it again, then `./run models verify`"
                                   : "restore it from the repository, then run `./run models verify`";
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
                  " is not the file that models/manifest.toml names (its SHA-256 differs) and is not used; " +
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

tl::unexpected<Error> unknown(std::string_view name) {
  return wrong_use("model \"" + std::string(name) +
                   "\" is not in models/manifest.toml; `./run models list` shows all");
}

// What our own runner would use for this network, nullptr: the engine runs it.
const planes::Kernels* kernels_for(const std::string& name, const CompileOptions& options) {
  const bool ours = name == "face_mesh_478" || name == "face_mesh_468";
  if (!ours || options.engine_only || options.precision != Precision::f32 || options.threads != 1)
    return nullptr;
  return planes::best_kernels();
}

}  // namespace

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

struct ModelStore::Impl {
  StoreOptions options;
  std::vector<ModelEntry> entries;
  // Held while something here is made; loading what was made before goes on beside it.
  std::mutex mutex;
  std::once_flag started;
  std::unique_ptr<ov::Core> core;                    // made when first needed: it loads the engine's plugins
  std::set<std::string, std::less<>> whole;          // whose files were verified in this process
  std::map<std::string, Model, std::less<>> shared;  // models that all threads share

  [[nodiscard]] std::filesystem::path path_of(const ModelFile& file, Origin origin) const {
    return (origin == Origin::own ? options.models : options.home / "models") / file.path;
  }

  ov::Core& engine() {
    std::call_once(started, [this] { core = std::make_unique<ov::Core>(); });
    return *core;
  }

  Status verify_once(const ModelEntry& entry) {
    const std::scoped_lock lock(mutex);
    if (whole.contains(entry.name)) return {};
    if (auto bytes = read(entry); !bytes) return tl::make_unexpected(bytes.error());
    if (!entry.weights.path.empty()) {
      auto weights =
          read_verified(entry.name, path_of(entry.weights, entry.origin), entry.weights, entry.origin);
      if (!weights) return tl::make_unexpected(weights.error());
    }
    whole.insert(entry.name);
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
  auto impl = std::make_shared<Impl>();
  impl->options = std::move(options);
  impl->entries = std::move(*entries);
  return ModelStore(std::move(impl));
}

const std::vector<ModelEntry>& ModelStore::entries() const {
  return impl_->entries;
}

const ModelEntry* ModelStore::find(std::string_view name) const {
  const auto found = std::ranges::find(impl_->entries, name, &ModelEntry::name);
  return found == impl_->entries.end() ? nullptr : &*found;
}

std::filesystem::path ModelStore::path_of(const ModelFile& file, Origin origin) const {
  return impl_->path_of(file, origin);
}

Result<std::vector<std::uint8_t>> ModelStore::read(std::string_view name) const {
  const ModelEntry* entry = find(name);
  if (entry == nullptr) return unknown(name);
  return impl_->read(*entry);
}

Status ModelStore::verify(const ModelEntry& entry) const {
  for (const ModelFile* file : {&entry.file, &entry.weights}) {
    if (file->path.empty()) continue;
    const auto bytes = read_verified(entry.name, path_of(*file, entry.origin), *file, entry.origin);
    if (!bytes) return tl::make_unexpected(bytes.error());
  }
  return {};
}

Result<Model> ModelStore::compile(std::string_view name, const CompileOptions& options) const {
  const std::string precision = options.precision == Precision::f32 ? "f32" : "bf16";
  const std::string variant = std::string(name) + " " + precision + " " + std::to_string(options.threads);
  const ModelEntry* known = find(name);
  if (known == nullptr) return unknown(name);
  const ModelEntry& entry = *known;
  if (const Status whole = impl_->verify_once(entry); !whole) return tl::make_unexpected(whole.error());
  try {
    ov::Core& core = impl_->engine();
    const ov::AnyMap config = engine_config(options);
    const CompiledCache cache(impl_->options.home / "compiled");
    const std::string key = variant + " " + entry.file.sha256 + " " + entry.weights.sha256 + " recipe " +
                            std::string(kRecipeVersion) + " " + ov::get_openvino_version().buildNumber + " " +
                            core.get_property("CPU", ov::device::full_name);
    const auto made = [&](auto&& net) {
      return Model(std::make_shared<Model::Impl>(
          Model::Impl{entry.name, entry.version, std::forward<decltype(net)>(net)}));
    };
    if (const planes::Kernels* kernels = kernels_for(entry.name, options)) {
      // Its fixed part serves any number of threads: all share one.
      const std::string plane_key = key + " planes " + kernels->name;
      const std::scoped_lock lock(impl_->mutex);
      if (const auto shared = impl_->shared.find(plane_key); shared != impl_->shared.end())
        return shared->second;
      const auto stored = cache.read(plane_key);
      auto net = stored ? PlaneNet::restore(*stored, *kernels) : std::nullopt;
      if (!net) {
        auto graph = impl_->read_graph(entry);
        if (!graph) return tl::make_unexpected(graph.error());
        net = PlaneNet::create(**graph, *kernels);
        if (net) cache.write(plane_key, net->stored());
      }
      if (net) return impl_->shared.emplace(plane_key, made(std::move(*net))).first->second;
    }
    auto compiled = cache.load(core, key, config);
    if (!compiled) {
      const std::scoped_lock lock(impl_->mutex);
      auto graph = impl_->read_graph(entry);
      if (!graph) return tl::make_unexpected(graph.error());
      compiled = core.compile_model(*graph, "CPU", config);
      cache.store(key, *compiled);
    }
    return made(std::move(*compiled));
  } catch (const std::exception& error) {
    return failed("model " + entry.name +
                      ": the engine cannot compile it; run `./run models verify` and `./run doctor`",
                  error.what());
  }
}

}  // namespace pyro::infer
