// completions and man: both made from the same description of verbs and flags that parses the command line.
#include <algorithm>
#include <cstdio>

#include "cli.hpp"

namespace pyro::cli {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// What may stand behind a verb: its flags, or the second words of a verb of two with all of theirs.
std::vector<std::string> words_behind(const CLI::App& verb) {
  std::vector<std::string> words = flags_of(verb);
  for (const CLI::App* second : verbs_of(verb)) {
    words.push_back(second->get_name());
    for (std::string& flag : flags_of(*second)) {
      if (std::ranges::find(words, flag) == words.end()) words.push_back(std::move(flag));
    }
  }
  return words;
}

std::string roff(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("\\-", at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) text.insert(0, "\\&");
  return text;
}

void print_man_verb(const CLI::App& verb, const std::string& name) {
  std::printf(".SS %s\n%s\n", name.c_str(), roff(verb.get_description()).c_str());
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_name() == "--help") continue;
    std::printf(".TP\n.B %s\n%s\n", roff(option->get_name(false, true)).c_str(),
                roff(option->get_description()).c_str());
  }
  if (!verb.get_footer().empty()) std::printf(".PP\n%s\n", roff(verb.get_footer()).c_str());
  for (const CLI::App* second : verbs_of(verb)) print_man_verb(*second, name + " " + second->get_name());
}

int print_completions(const CLI::App& app, const std::string& shell) {
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs_of(app)) names.push_back(verb->get_name());
  if (shell == "fish") {
    std::printf("complete -c pyrometer -n __fish_use_subcommand -f -a '%s'\n", joined(names).c_str());
    for (const CLI::App* verb : verbs_of(app)) {
      for (const std::string& word : words_behind(*verb)) {
        const bool flag = word.starts_with("--");
        std::printf("complete -c pyrometer -n '__fish_seen_subcommand_from %s' %s %s\n",
                    verb->get_name().c_str(), flag ? "-l" : "-f -a", word.c_str() + (flag ? 2 : 0));
      }
    }
    return 0;
  }
  if (shell == "zsh") std::printf("#compdef pyrometer\nautoload -U +X bashcompinit && bashcompinit\n");
  std::printf(
      "_pyrometer() {\n  local word=\"${COMP_WORDS[COMP_CWORD]}\" flags=\"\"\n  if [ \"$COMP_CWORD\" -eq 1 "
      "]; then\n"
      "    COMPREPLY=($(compgen -W '%s --help --version' -- \"$word\")); return\n  fi\n  case "
      "\"${COMP_WORDS[1]}\" in\n",
      joined(names).c_str());
  for (const CLI::App* verb : verbs_of(app)) {
    std::printf("    %s) flags='%s' ;;\n", verb->get_name().c_str(), joined(words_behind(*verb)).c_str());
  }
  std::printf(
      "  esac\n  case \"$word\" in\n    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}\ncomplete -o filenames -F _pyrometer "
      "pyrometer\n");
  return 0;
}

int print_man(const CLI::App& app) {
  std::printf(
      ".TH PYROMETER 1 \"\" \"pyrometer %s\" \"User commands\"\n.SH NAME\npyrometer \\- reads strain from a "
      "face in video\n"
      ".SH SYNOPSIS\n.B pyrometer\n.I VERB\n[arguments]\n.SH DESCRIPTION\n%s\n.SH VERBS\n",
      PYRO_VERSION, roff(app.get_description()).c_str());
  for (const CLI::App* verb : verbs_of(app)) print_man_verb(*verb, verb->get_name());
  std::printf(
      ".SH EXIT STATUS\n0 done, 2 wrong use, 3 bad input, 4 something here failed, 130 stopped by "
      "Ctrl\\-C.\n");
  return 0;
}

}  // namespace

void add_help_files(CLI::App& app, Chosen& chosen) {
  CLI::App* completions = app.add_subcommand("completions", "Prints a completion script for a shell");
  auto shell = std::make_shared<std::string>("bash");
  completions->add_option("shell", *shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->capture_default_str();
  completions->footer("Example: pyrometer completions bash > /etc/bash_completion.d/pyrometer");
  completions->callback(
      [&app, &chosen, shell] { chosen = [&app, shell] { return print_completions(app, *shell); }; });

  CLI::App* man = app.add_subcommand("man", "Prints the manual page (roff)");
  man->footer("Example: pyrometer man | man -l -");
  man->callback([&app, &chosen] { chosen = [&app] { return print_man(app); }; });
}

}  // namespace pyro::cli
