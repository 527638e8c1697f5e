#include "ptx.h"
#include <cstdlib>
#include <cctype>

namespace driver {
namespace {
struct Scanner {
    const std::string& s;
    size_t at = 0;
    std::string next() { // words (with dots, $, %), numbers, single punctuation; comments and strings skipped
        for (;;) {
            while (at < s.size() && isspace((unsigned char)s[at])) {
                at++;
            }
            if (at + 1 < s.size() && s[at] == '/' && s[at + 1] == '/') {
                while (at < s.size() && s[at] != '\n') {
                    at++;
                }
                continue;
            }
            if (at + 1 < s.size() && s[at] == '/' && s[at + 1] == '*') {
                size_t e = s.find("*/", at);
                at = e == std::string::npos ? s.size() : e + 2;
                continue;
            }
            if (at < s.size() && s[at] == '"') {
                size_t e = s.find('"', at + 1);
                at = e == std::string::npos ? s.size() : e + 1;
                continue;
            }
            break;
        }
        size_t begin = at;
        auto word = [](char c) {
            return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '%';
        };
        if (at < s.size() && !word(s[at])) {
            return s.substr(at++, 1);
        }
        while (at < s.size() && word(s[at])) {
            at++;
        }
        return s.substr(begin, at - begin);
    }
};
size_t typeSize(const std::string& t) { // .u64, .b8, ...
    if (t.size() < 3 || t[0] != '.' || !isdigit((unsigned char)t[2])) {
        return t == ".pred" ? 1 : 0;
    }
    if (t[1] != 'u' && t[1] != 's' && t[1] != 'b' && t[1] != 'f') {
        return 0;
    }
    return (size_t)atoi(t.c_str() + 2) / 8;
}
struct Declaration {
    size_t size = 0, alignment = 0;
    std::string name;
};
Declaration declaration(Scanner& scan) { // after .param / .shared / .global, up to , ; ) or =
    Declaration d;
    size_t type = 0, count = 1;
    for (std::string t = scan.next(); !t.empty() && t != "," && t != ";" && t != ")" && t != "=";
            t = scan.next()) {
        if (t == ".align") {
            d.alignment = (size_t)atoi(scan.next().c_str());
        } else if (t == ".ptr") {
            size_t keep = d.alignment;
            std::string u;
            while (!(u = scan.next()).empty() && u[0] == '.') {
                if (u == ".align") {
                    scan.next();
                }
            }
            d.alignment = keep;
            d.name = u;
        } else if (t == "[") {
            std::string n = scan.next();
            if (n != "]") {
                count *= (size_t)atoll(n.c_str());
                scan.next();
            }
        } else if (size_t size = typeSize(t)) {
            type = size;
        } else if (t[0] != '.') {
            d.name = t;
        }
    }
    if (!d.alignment) {
        d.alignment = type;
    }
    d.size = type * count;
    return d;
}
} // namespace

Ptx parsePtx(const std::string& text) {
    Ptx ptx;
    Scanner scan{text};
    PtxEntry* inside = nullptr;
    int depth = 0;
    for (std::string t = scan.next(); !t.empty(); t = scan.next()) {
        if (t == ".version") {
            std::string v = scan.next();
            size_t dot = v.find('.');
            ptx.version = atoi(v.c_str()) * 10 + (dot == std::string::npos ? 0 : atoi(v.c_str() + dot + 1));
        } else if (t == ".target") {
            std::string v = scan.next();
            if (v.rfind("sm_", 0) == 0) {
                ptx.target = atoi(v.c_str() + 3);
            }
        } else if (t == ".entry") {
            ptx.entries.emplace_back();
            inside = &ptx.entries.back();
            inside->name = scan.next();
            std::string p = scan.next();
            if (p == "(") {
                // Step through "( .param ..., .param ... )": declaration() eats the separator.
                while ((p = scan.next()) == ".param") {
                    Declaration d = declaration(scan);
                    inside->parameters.push_back({d.size, d.alignment});
                    if (text[scan.at - 1] == ')') {
                        break;
                    }
                }
            }
            depth = 0;
        } else if (t == ".func") {
            inside = nullptr;
        } else if ((t == ".maxntid" || t == ".reqntid") && inside && !depth) {
            int n = atoi(scan.next().c_str());
            size_t keep = scan.at;
            while (scan.next() == ",") {
                n *= atoi(scan.next().c_str());
                keep = scan.at;
            }
            scan.at = keep; // the token after the last number is not ours
            inside->maxThreads = n;
        } else if (t == "{") {
            depth++;
        } else if (t == "}") {
            if (--depth == 0) {
                inside = nullptr;
            }
        } else if (t == ".shared" && text[scan.at] == ' ') {
            Declaration d = declaration(scan);
            if (inside && depth) {
                inside->sharedBytes += d.size;
            }
        } else if ((t == ".global" || t == ".const") && !depth) {
            Declaration d = declaration(scan);
            if (!d.name.empty()) {
                ptx.globals.push_back(d.name);
            }
        }
    }
    if (!ptx.version || !ptx.target) {
        ptx.error = "no .version or .target: not PTX text";
    }
    return ptx;
}
} // namespace driver
