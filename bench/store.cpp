// What the store takes and gives, in both databases as they run in production (every commit waits for the
// disk): observations as segments, small writes of 8 threads, point reads. PostgreSQL is a cluster of the
// benchmark's own; without it, SQLite alone.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "pyro/store/database.hpp"
#include "pyro/store/segment.hpp"
#include "pyro/store/testing/postgres.hpp"
#include "synthetic.hpp"

namespace {

using namespace pyro;
using bench::kFramesPerSecond;
using bench::second_of;
using store::Connection;
using store::Database;
using store::Value;

constexpr int kThreads = 8;

void must(const Status& done) {
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().text().c_str());
  std::exit(1);
}
Status without_count(const Result<std::int64_t>& result) {
  if (!result) return tl::make_unexpected(result.error());
  return {};
}

struct Databases {
  std::filesystem::path folder;
  std::unique_ptr<store::testing::PostgresCluster> cluster;
  std::unique_ptr<Database> sqlite, postgres;

  Databases() {
    std::string name = (std::filesystem::temp_directory_path() / "pyro-bench-XXXXXX").string();
    folder = mkdtemp(name.data());
    auto file = store::open_sqlite(folder / "main.db", store::Key::random());
    must(file ? Status{} : Status{tl::make_unexpected(file.error())});
    sqlite = std::move(*file);
    make_tables(*sqlite);
    cluster = store::testing::PostgresCluster::start_new(true);
    if (cluster == nullptr) return;
    auto server = store::open_postgresql(cluster->address(), kThreads);
    must(server ? Status{} : Status{tl::make_unexpected(server.error())});
    postgres = std::move(*server);
    make_tables(*postgres);
  }
  ~Databases() {
    sqlite.reset();
    postgres.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  static void make_tables(Database& database) {
    must(database.write([](Connection& connection) -> Status {
      for (const char* sql : {"CREATE TABLE segment (session BIGINT, second BIGINT, bytes BYTEA, PRIMARY KEY "
                              "(session, second))",
                              "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL)"}) {
        if (Status made = without_count(connection.change(sql)); !made) return made;
      }
      return {};
    }));
  }
  Database* pick(benchmark::State& state) const {
    Database* database = state.range(0) == 0 ? sqlite.get() : postgres.get();
    if (database == nullptr) {
      state.SkipWithError("PostgreSQL is not installed");
    } else {
      state.SetLabel(database->describe());
    }
    return database;
  }
};
Databases* databases = nullptr;
std::atomic<std::int64_t> next_id{1};

// Runs `one(thread)` some times in each thread.
template <typename One>
void in_threads(int times, const One& one) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&one, times, t] {
      for (int i = 0; i < times; ++i) one(t);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// 64 sessions at once, a second of each in every write; encoding is part of it. Items: observations.
void ingest(benchmark::State& state) {
  Database* database = databases->pick(state);
  if (database == nullptr) return;
  constexpr std::int64_t kSessionsPerThread = 8;
  constexpr int kSeconds = 4;
  std::vector<std::vector<records::Observation>> seconds;
  for (std::int64_t session = 0; session < 16; ++session) seconds.push_back(second_of(session, 5));
  std::atomic<std::uint64_t> bytes{0};
  for (auto _ : state) {
    in_threads(kSeconds, [&](int) {
      const std::int64_t second = next_id++;
      std::vector<store::Row> rows;
      for (std::int64_t session = 0; session < kSessionsPerThread; ++session) {
        auto segment =
            store::encode_segment(seconds[static_cast<std::size_t>(session + second) % seconds.size()]);
        must(segment ? Status{} : Status{tl::make_unexpected(segment.error())});
        bytes += segment->size();
        rows.push_back({session, second, store::Blob{std::move(*segment)}});
      }
      must(database->write([&rows](Connection& connection) {
        return connection.insert("segment", "session, second, bytes", rows);
      }));
    });
  }
  const auto observations = state.iterations() * kThreads * kSeconds * kSessionsPerThread *
                            static_cast<std::int64_t>(kFramesPerSecond);
  state.SetItemsProcessed(observations);
  state.counters["bytes/observation"] = static_cast<double>(bytes) / static_cast<double>(observations);
}
BENCHMARK(ingest)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);

// One segment a write, as a live session sends it. Items: observations.
void ingest_one_segment_a_write(benchmark::State& state) {
  Database* database = databases->pick(state);
  if (database == nullptr) return;
  const auto second = second_of(1, 5);
  for (auto _ : state) {
    in_threads(16, [&](int thread) {
      auto segment = store::encode_segment(second);
      must(segment ? Status{} : Status{tl::make_unexpected(segment.error())});
      const std::vector<Value> values{std::int64_t{1000} + thread, std::int64_t{next_id++},
                                      store::Blob{std::move(*segment)}};
      must(database->write([&values](Connection& connection) {
        return without_count(connection.change("INSERT INTO segment VALUES ($1, $2, $3)", std::span(values)));
      }));
    });
  }
  state.SetItemsProcessed(state.iterations() * kThreads * 16 * static_cast<std::int64_t>(kFramesPerSecond));
}
BENCHMARK(ingest_one_segment_a_write)
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(3);

void small_writes(benchmark::State& state) {
  Database* database = databases->pick(state);
  if (database == nullptr) return;
  for (auto _ : state) {
    in_threads(50, [&](int) {
      must(database->write([](Connection& connection) {
        return without_count(connection.change("INSERT INTO note VALUES ($1, $2)", std::int64_t{next_id++},
                                               std::string("a short note")));
      }));
    });
  }
  state.SetItemsProcessed(state.iterations() * kThreads * 50);
}
BENCHMARK(small_writes)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);

void point_reads(benchmark::State& state) {
  Database* database = databases->pick(state);
  if (database == nullptr) return;
  static std::atomic<std::int64_t> base{0};
  const std::int64_t first = next_id.fetch_add(10000);
  must(database->write([first](Connection& connection) {
    std::vector<store::Row> rows;
    for (std::int64_t i = 0; i < 10000; ++i) rows.push_back({first + i, std::string("a short note")});
    return connection.insert("note", "id, text", rows);
  }));
  for (auto _ : state) {
    in_threads(500, [&](int) {
      const std::int64_t id = first + (base++ * 7919) % 10000;
      must(database->read([id](Connection& connection) -> Status {
        const auto rows = connection.query("SELECT text FROM note WHERE id = $1", id);
        if (!rows) return tl::make_unexpected(rows.error());
        return rows->size() == 1 ? Status{} : Status{failed("a row is missing")};
      }));
    });
  }
  state.SetItemsProcessed(state.iterations() * kThreads * 500);
}
BENCHMARK(point_reads)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);

void encode(benchmark::State& state) {
  const auto second = second_of(1, 5);
  for (auto _ : state) benchmark::DoNotOptimize(store::encode_segment(second));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFramesPerSecond));
}
BENCHMARK(encode)->Unit(benchmark::kMicrosecond);

void decode(benchmark::State& state) {
  const auto bytes = store::encode_segment(second_of(1, 5));
  must(bytes ? Status{} : Status{tl::make_unexpected(bytes.error())});
  for (auto _ : state) benchmark::DoNotOptimize(store::Segment::decode(*bytes));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFramesPerSecond));
}
BENCHMARK(decode)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  Databases both;
  databases = &both;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
